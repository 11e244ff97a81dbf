use proptest::prelude::*;

use super::*;
use crate::verify::verify;

fn sign() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("≥"), Just("＞"), Just("＝"), Just("≤"), Just("＜")]
}

fn amount() -> impl Strategy<Value = Decimal> {
    (0_i64..100_000_000, 0_u32..4).prop_map(|(digits, places)| Decimal::new(digits, places))
}

fn indicator() -> impl Strategy<Value = IndicatorInput> {
    (sign(), amount(), amount(), 1_i64..3_000).prop_map(|(sign, target, actual, weight)| {
        let mut input = quantity_input(sign, &target.to_string(), &actual.to_string(), "1");
        input.weight = Centi(weight);
        input
    })
}

/// Indicators whose weights are brought to 90 by the last one.
fn project() -> impl Strategy<Value = ScoreInput> {
    (
        prop::collection::vec(indicator(), 1..4),
        1_i64..10_000_000,
        0_i64..12_000_000,
    )
        .prop_map(|(mut indicators, adjusted, executed)| {
            let sum: Centi = indicators.iter().map(|line| line.weight).sum();
            let mut last = quantity_input("≥", "7", "5", "1");
            last.weight = Centi(9_000) - sum;
            indicators.push(last);
            let budget = BudgetExecution {
                adjusted_fen: Fen(adjusted),
                executed_fen: Fen(executed),
            };
            ScoreInput {
                indicators,
                budget: vec![budget],
                ..full_project()
            }
        })
}

proptest! {
    #[test]
    fn a_score_lies_within_its_weight(input in indicator()) {
        for pack in crate::rulepack::builtin_packs() {
            let points = total::indicator_line(pack, &input).unwrap().points.unwrap();
            prop_assert!(Centi::ZERO <= points && points <= input.weight);
        }
    }

    #[test]
    fn more_achieved_never_scores_less(
        sign in prop_oneof![Just("≥"), Just("＞"), Just("＝")],
        target in amount(), less in amount(), more in amount(), weight in 1_i64..10_000,
    ) {
        // ＝0 is met by 0 alone, so it is not monotone.
        prop_assume!(less <= more && !(sign == "＝" && target.is_zero()));
        let points = |actual| {
            quantity(default_pack(), operator(sign), None, target, actual, Centi(weight)).unwrap()
        };
        prop_assert!(points(less) <= points(more));
    }

    #[test]
    fn less_used_of_a_ceiling_never_scores_less(
        target in amount(), less in amount(), more in amount(), weight in 1_i64..10_000,
    ) {
        prop_assume!(less <= more);
        for pack in crate::rulepack::builtin_packs() {
            let points = |actual| {
                quantity(pack, Operator::AtMost, None, target, actual, Centi(weight)).unwrap()
            };
            prop_assert!(points(less) >= points(more));
        }
    }

    #[test]
    fn the_order_of_indicators_does_not_matter(input in project()) {
        let mut turned = input.clone();
        turned.indicators.reverse();
        let of = |input| score(default_pack(), input).unwrap().total;
        prop_assert_eq!(of(&input), of(&turned));
    }

    #[test]
    fn the_total_is_the_sum_of_rounded_lines_and_its_receipt_is_accepted(input in project()) {
        for pack in crate::rulepack::builtin_packs() {
            let mut input = input.clone();
            input.execution_weight = centi("10");
            let scored = score(pack, &input).unwrap();
            if pack.execution.cap.is_none() {
                let sum: Option<Centi> = scored.root.children.iter().map(|line| line.points).sum();
                prop_assert_eq!(scored.total, sum);
            }
            let receipt = serde_json::to_value(scored.receipt("x")).unwrap();
            prop_assert!(verify(&receipt).is_ok(), "{:?}", verify(&receipt));
        }
    }
}

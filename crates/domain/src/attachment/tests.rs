use super::*;
use crate::rulepack::{builtin_packs, default_pack};
use crate::workflow::Condition;

#[test]
fn every_kind_takes_something_and_each_type_once() {
    for kind in RecordKind::ALL {
        let types = types(kind);
        assert!(!types.is_empty(), "{kind:?}");
        for (place, found) in types.iter().enumerate() {
            let again = types.iter().skip(place + 1).any(|other| other == found);
            assert!(!again, "{kind:?} {found:?}");
        }
        assert!(types.contains(&Type::Evidence));
    }
}

#[test]
fn a_scan_is_nothing_that_can_be_typed_into() {
    for (kept, expected) in [
        (Type::StampedScan, false),
        (Type::Contract, false),
        (Type::Evidence, true),
    ] {
        let typed = kept.forms().contains(&Form::Text) || kept.forms().contains(&Form::Table);
        assert_eq!(typed, expected, "{kept:?}");
    }
}

#[test]
fn a_name_comes_back_as_it_went() {
    for kept in Type::ALL {
        assert_eq!(Type::find(kept.name()), Some(kept));
        assert!((1..=30).contains(&kept.most_mb()));
    }
    assert_eq!(Type::find("program"), None);
}

#[test]
fn what_a_pack_requires_holds_the_sending_back() {
    for pack in builtin_packs() {
        for kind in RecordKind::ALL {
            let required = pack.attachments.required(kind);
            assert!(required.iter().all(|it| types(kind).contains(it)));
            let machine = kind.machine();
            let waits = machine.states.iter().any(|row| {
                let state = kind.state(row.name);
                let conditions = state.and_then(|state| machine.sending_conditions(state));
                conditions.is_some_and(|all| all.contains(&Condition::AttachmentsComplete))
            });
            assert!(required.is_empty() || waits, "{kind:?}");
        }
    }
    let required = default_pack()
        .attachments
        .required(RecordKind::ExAnteAssessment);
    assert_eq!(required, [Type::StampedScan]);
}

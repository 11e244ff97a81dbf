//! One form with much wrong, as a clerk would read the answer.

use super::*;

#[test]
fn a_form_with_many_faults_reads_like_a_letter_of_corrections() {
    let mut form = clean();
    spend(&mut form, ["", "7165.32", "6992.95"]);
    total(&mut form).rate = number("97%", "G4");
    total(&mut form).score = number("9.7", "H4");
    form.money.sources = ["3144", "570.17", "433", "1426.9", "1591.22"]
        .map(|amount| money_row("资金", ["", amount, ""]))
        .to_vec();
    form.indicators[0].weight = number("30", "F12");
    reach(&mut form, 1, ["＝100%", "完成", "20"]);
    reach(&mut form, 2, ["", "", "10"]);
    reach(&mut form, 3, ["≥1000人", "968人", "30"]);
    form.grade = words("良", "B18");
    let told: Vec<String> = findings(&form)
        .iter()
        .map(|finding| {
            format!(
                "{:?} {} {} {}",
                finding.severity, finding.rule, finding.r#where, finding.message
            )
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

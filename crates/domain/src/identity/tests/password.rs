use crate::identity::password_flaws;
use crate::rulepack::{PasswordRules, default_pack};

fn rules() -> PasswordRules {
    default_pack().security.password.clone()
}

/// The sentences about `password` of the account `zhangsan`.
fn check(rules: &PasswordRules, password: &str, used: bool) -> String {
    let flaws = password_flaws(rules, password, "zhangsan", used);
    let lines: Vec<String> = flaws.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[test]
fn every_flaw_is_named_with_what_is_needed() {
    for (password, used, expected) in [
        ("Mianzhu-7", false, ""),
        ("绵竹年画Sc-2020", false, ""),
        ("Mzh-8x9", false, "新密码太短：现在 7 个字符，至少要 8 个。"),
        (
            "mianzhuxian",
            false,
            "新密码只有 1 类字符：大写字母、小写字母、数字、其他符号，至少要有其中 3 类。",
        ),
        (
            "Aa1Aa1Aa1",
            false,
            "新密码用的字符太少：不同的字符至少要有 5 个。",
        ),
        (
            "ZhangSan-2020",
            false,
            "新密码里有您的用户名：请换一个别人想不到的。",
        ),
        (
            "Mz-Password9",
            false,
            "新密码里有「password」，这是最容易被猜到的：请换掉这一段。",
        ),
        (
            "Mianzhu-7",
            true,
            "新密码最近用过：最近 5 次的密码不能再用，请换一个新的。",
        ),
    ] {
        assert_eq!(check(&rules(), password, used), expected, "{password}");
    }
}

#[test]
fn a_password_may_be_exactly_as_long_as_the_limits() {
    let rules = rules();
    let of = |length: usize| format!("Aa1-bcdf{}", "x".repeat(length.saturating_sub(8)));
    assert_eq!(check(&rules, &of(8), false), "");
    assert_eq!(check(&rules, &of(128), false), "");
    let too_long = "新密码太长：现在 129 个字符，最多 128 个。";
    assert_eq!(check(&rules, &of(129), false), too_long);
}

#[test]
fn a_place_that_remembers_none_allows_the_old_one_again() {
    let rules = PasswordRules {
        history: 0,
        ..rules()
    };
    assert_eq!(check(&rules, "Mianzhu-7", true), "");
}

use crate::identity::{Whose, password_flaws};
use crate::rulepack::{PasswordRules, default_pack, of_region};

fn rules() -> PasswordRules {
    default_pack().security.password.clone()
}

/// The sentences about `password` of the account `zhangsan`.
fn check(rules: &PasswordRules, password: &str, used: bool) -> String {
    let whose = Whose {
        login_name: "zhangsan",
        unit_code: "101003",
    };
    let flaws = password_flaws(rules, password, whose, used);
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
            "Zh4ng5an-x7Kq",
            false,
            "新密码里有您的用户名：请换一个别人想不到的。",
        ),
        (
            "Mz-101003-x7Kq",
            false,
            "新密码里有您单位的编码：请换一个别人想不到的。",
        ),
        (
            "P@ssw0rd-x7Kq",
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

/// Patterns of our own that everybody tries, and passwords that only look like them.
#[test]
fn what_everybody_tries_is_refused_and_what_is_ones_own_is_not() {
    let rules = &of_region("510683").security.password;
    for password in [
        "Mianzhu2020",
        "M1anzhu@2020",
        "Mianzhu-7",
        "绵竹Mz2020!",
        "Deyang#2021",
        "Qwe123!@#",
        "Zxcv-4321",
        "1qaz@WSX",
        "!QAZ2wsx",
        "Qazwsx147258",
        "Test1234-",
        "T3st-2020!",
        "Hello2020!!",
        "Woaini1314!",
        "Yusuan-2020",
        "Aaa111222!",
        "Gu3st-1990",
        "Cba-987654",
    ] {
        let told = check(rules, password, false);
        let is_told = told.contains("容易被猜到") || told.contains("最容易被猜到");
        assert!(is_told, "{password}: {told}");
    }
    for password in [
        "Mianzhu-7-nianhua",
        "Nianhua-2-zhen",
        "Jiannan_Chun8",
        "x9#!%&@Kp",
        "2020-Gmz7tq",
        "绵竹年画Sc-2020",
        "Wo3-ge-nv-er",
    ] {
        assert_eq!(check(rules, password, false), "", "{password}");
    }
    let lax = PasswordRules {
        own_characters: 0,
        ..rules.clone()
    };
    assert_eq!(check(&lax, "Mianzhu2020", false), "");
}

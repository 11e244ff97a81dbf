//! Records of another unit, asked for by their true ids.

use db::on_both;
use domain::permission::Role;

use super::{check_calm, closed, content, prepare};
use crate::database::MIGRATIONS;
use crate::serve::sample::LONG_NAME;
use crate::serve::testing::TestSite;

on_both!(
    MIGRATIONS,
    nobody_of_another_unit_reads_or_changes_anything_of_a_unit,
    |test| {
        prepare(test);
        let people = [
            (Role::UnitClerk, "u-2"),
            (Role::UnitHead, "u-2"),
            (Role::DepartmentReviewer, "u-2"),
        ]
        .map(|(role, place)| TestSite::logged_in_as(test, role, Some(place)));
        // Everybody may set the own address and whether mail comes there.
        let own = ["session", "account", "mail_choice"];
        let before = content(test, &own);
        for route in closed() {
            // Leaving is everybody's own.
            if route.path == "/logout" {
                continue;
            }
            for site in &people {
                for answer in [site.get(route.sample), site.post(route.sample, "")] {
                    check_calm(&answer, route.path);
                    // Whoever is logged in may look a unit up and narrow a list to it; what it does
                    // is its own.
                    let is_of_units = ["/unit", "/objects"]
                        .iter()
                        .any(|start| route.path.starts_with(start));
                    let unit = (!is_of_units).then_some("绵竹市住房和城乡建设局");
                    for name in [LONG_NAME, "管网接入户数少于预期"].into_iter().chain(unit)
                    {
                        assert!(!answer.text.contains(name), "{}: {name}", route.path);
                    }
                }
            }
        }
        assert_eq!(content(test, &own), before);
    }
);

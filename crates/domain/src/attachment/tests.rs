use super::*;
use crate::workflow::Condition;

#[test]
fn every_kind_takes_something_and_each_type_once() {
    for kind in RecordKind::ALL {
        let types = types(kind);
        assert!(!types.is_empty(), "{kind:?}");
        for (place, (found, _)) in types.iter().enumerate() {
            let again = types
                .iter()
                .skip(place + 1)
                .any(|(other, _)| other == found);
            assert!(!again, "{kind:?} {found:?}");
        }
        assert!(types.iter().any(|(found, _)| *found == Type::Evidence));
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
fn what_a_machine_waits_for_is_what_is_said_to_be_required() {
    for kind in RecordKind::ALL {
        let waits = kind
            .machine()
            .edges
            .iter()
            .any(|edge| edge.conditions.contains(&Condition::ScanAttached));
        let is_required = types(kind).contains(&(Type::StampedScan, true));
        assert_eq!(waits, is_required, "{kind:?}");
    }
}

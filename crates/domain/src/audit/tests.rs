//! A chain is what it was, or says where it is not.

use proptest::prelude::*;

use super::{Algorithm, Content, Event, Fault, Head, NO_EVENT, Walk, digest, verify_chain};

fn content(sequence: i64) -> Content {
    Content {
        region_code: "510683".to_owned(),
        sequence,
        happened_at: "2020-11-20T08:00:00+08:00".to_owned(),
        actor: "admin".to_owned(),
        action: "login".to_owned(),
        record_kind: "account".to_owned(),
        record_id: "admin".to_owned(),
        before_json: None,
        after_json: Some("{\"from\":\"127.0.0.1\"}".to_owned()),
    }
}

/// A chain that changes its algorithm at every event.
fn chain(length: i64) -> Vec<Event> {
    let mut prev_hash = NO_EVENT.to_owned();
    let mut events = Vec::new();
    for (sequence, algorithm) in (1..=length).zip(Algorithm::ALL.into_iter().cycle()) {
        let event = Event::sealed(content(sequence), &prev_hash, algorithm);
        prev_hash.clone_from(&event.hash);
        events.push(event);
    }
    events
}

fn head(event: &Event) -> Head {
    Head {
        sequence: event.content.sequence,
        hash: event.hash.clone(),
    }
}

/// Changes the field with this number; 11 fields.
fn change(event: &mut Event, field: usize, by: char) {
    let content = &mut event.content;
    match field {
        0 => content.region_code.push(by),
        1 => content.sequence += 1 + i64::from(u32::from(by)),
        2 => content.happened_at.push(by),
        3 => content.actor.insert(0, by),
        4 => content.action.push(by),
        5 => content.record_kind.push(by),
        6 => content.record_id.push(by),
        7 => content.before_json = Some(by.to_string()),
        8 => content.after_json = None,
        9 => event.prev_hash.push(by),
        _ => event.hash.push(by),
    }
}

#[test]
fn a_digest_is_that_of_the_length_prefixed_fields() {
    // Recomputed with `sha256sum` and `openssl dgst -sm3` over
    // 14:jixiao-event-10:6:5106831:125:2020-11-20T08:00:00+08:005:admin5:login7:account5:admin-20:…
    for (algorithm, expected) in [
        (
            Algorithm::Sha256,
            "sha256:c6ce77049ae8b592f0d03530042e9892d6fdc49d58b2e776612e5548a8348962",
        ),
        (
            Algorithm::Sm3,
            "sm3:d8421646e61bffc4c2712dc543884cd4ac166f6e111091d9e57327c3a8579205",
        ),
    ] {
        assert_eq!(digest(NO_EVENT, &content(1), algorithm), expected);
    }
}

#[test]
fn contents_that_look_alike_have_different_digests() {
    let check = |first: Content, second: Content| {
        for algorithm in Algorithm::ALL {
            let digests = [&first, &second].map(|content| digest(NO_EVENT, content, algorithm));
            assert_ne!(digests[0], digests[1], "{first:?}");
        }
    };
    let with = |actor: &str, action: &str, before: Option<&str>, after: Option<&str>| Content {
        actor: actor.to_owned(),
        action: action.to_owned(),
        before_json: before.map(str::to_owned),
        after_json: after.map(str::to_owned),
        ..content(1)
    };
    check(with("ab", "c", None, None), with("a", "bc", None, None));
    check(with("", "ab", None, None), with("ab", "", None, None));
    check(
        with("a", "b", None, Some("")),
        with("a", "b", Some(""), None),
    );
    check(with("a", "b", None, Some("")), with("a", "b", None, None));
    check(with("a", "1:b", None, None), with("a1:", "b", None, None));
    check(
        with("a", "b", None, Some("-")),
        with("a", "b", Some("-"), None),
    );
}

#[test]
fn an_untouched_chain_is_whole() {
    for length in [0, 1, 2, 7] {
        let events = chain(length);
        let verified = verify_chain(&events).unwrap();
        assert_eq!(verified.events, length);
        assert_eq!(verified.head, events.last().map(head));
        let mut walk = Walk::new();
        events
            .iter()
            .try_for_each(|event| walk.step(event))
            .unwrap();
        assert_eq!(walk.finish(events.last().map(head).as_ref()), Ok(verified));
    }
}

#[test]
fn the_first_break_is_named_in_a_sentence() {
    let check = |damage: fn(&mut Vec<Event>), sequence, sentence: &str| {
        let mut events = chain(5);
        damage(&mut events);
        let broken = verify_chain(&events).unwrap_err();
        assert_eq!(
            (broken.sequence, &*broken.to_string()),
            (sequence, sentence)
        );
    };
    check(
        |events| events[2].content.actor = "other".to_owned(),
        3,
        "第 3 号事件与它的摘要不符：这一条被改动过",
    );
    check(
        |events| drop(events.remove(2)),
        3,
        "第 3 号事件不见了，这里直接是第 4 号",
    );
    check(
        |events| drop(events.remove(0)),
        1,
        "第 1 号事件不见了，这里直接是第 2 号",
    );
    check(
        |events| events.insert(2, events[1].clone()),
        3,
        "应是第 3 号事件的地方是第 2 号：有事件是插入的，或被改了序号",
    );
    check(
        |events| {
            let mut changed = events[1].content.clone();
            changed.actor = "other".to_owned();
            events[1] = Event::sealed(changed, &events[0].hash, Algorithm::Sha256);
        },
        3,
        "第 3 号事件与前一条接不上：它记的前一条摘要被改动过，或前一条是改动后重算的",
    );
    check(
        |events| events[0].prev_hash = events[4].hash.clone(),
        1,
        "第 1 号事件前面不应再有事件：它记的前一条摘要被改动过",
    );
    check(
        |events| events[3].hash = events[3].hash.replace("sm3:", "md5:"),
        4,
        "第 4 号事件与它的摘要不符：这一条被改动过",
    );
}

#[test]
fn a_head_shows_what_was_done_to_the_end() {
    let check = |kept: usize, head: Option<Head>, expected: (i64, Fault)| {
        let events = chain(5);
        let mut walk = Walk::new();
        let mut kept = events.iter().take(kept);
        kept.try_for_each(|event| walk.step(event)).unwrap();
        let broken = walk.finish(head.as_ref()).unwrap_err();
        assert_eq!((broken.sequence, broken.fault), expected);
    };
    let events = chain(5);
    let cut_off = Fault::CutOff {
        sequence: 5,
        head: 5,
    };
    check(4, Some(head(&events[4])), (5, cut_off));
    let all_gone = Fault::CutOff {
        sequence: 1,
        head: 5,
    };
    check(0, Some(head(&events[4])), (1, all_gone));
    check(
        5,
        Some(head(&events[2])),
        (4, Fault::AfterHead { sequence: 4 }),
    );
    let rewritten = Head {
        sequence: 5,
        hash: events[0].hash.clone(),
    };
    check(5, Some(rewritten), (5, Fault::NotTheHead { sequence: 5 }));
    check(5, None, (5, Fault::NoHead { sequence: 5 }));
}

proptest! {
    #[test]
    fn changing_any_field_of_any_event_is_found_at_that_event(
        length in 1_i64..12,
        place in 0_usize..12,
        field in 0_usize..11,
        by in any::<char>(),
    ) {
        let mut events = chain(length);
        let place = place % events.len();
        change(&mut events[place], field, by);
        let broken = verify_chain(&events).unwrap_err();
        prop_assert_eq!(broken.sequence, i64::try_from(place).unwrap() + 1);
    }
}

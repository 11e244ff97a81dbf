use super::*;
use crate::permission::Scope;
use crate::rulepack::{PackError, builtin_packs, builtin_text, default_pack, resolve};

const KIND: RecordKind = RecordKind::PerformanceTarget;

/// A record, and the newest answer about it.
struct Case {
    record: Standing,
    last: Option<Moved>,
}

impl Case {
    fn at(state: &str) -> Self {
        Self {
            record: standing(KIND, state),
            last: None,
        }
    }

    fn tries(&self, actor: &Actor, order: Order) -> Result<Moved, Refusal> {
        let command = Command {
            version: self.record.version,
            ..command(order)
        };
        transition(KIND, &self.record, &command, actor)
    }

    fn does(mut self, actor: &Actor, order: Order) -> Self {
        let moved = self.tries(actor, order).unwrap();
        self.record.state = moved.state;
        self.record.version = moved.version;
        self.record.desk = moved.desk.clone();
        self.record.case.outcome.clone_from(&moved.outcome);
        self.last = Some(moved);
        self
    }

    fn approved_by(self, role: Role) -> Self {
        self.does(&actor(role), Order::Plain(Verb::Approve))
    }

    fn state(&self) -> &'static str {
        self.record.state.name()
    }

    fn holders(&self) -> Vec<Holder> {
        self.last.as_ref().unwrap().holders.clone()
    }
}

fn seat(role: Role, scope: Scope) -> Holder {
    Holder::Signer(Signer { role, scope })
}

fn named(role: Role, name: &str) -> Actor {
    Actor {
        id: person(name),
        ..actor(role)
    }
}

#[test]
fn a_target_walks_from_the_unit_to_the_joint_review() {
    let sent = Case::at("draft").does(&actor(Role::UnitHead), Order::Plain(Verb::Submit));
    assert_eq!(sent.state(), "department_review");
    assert_eq!(
        sent.holders(),
        [seat(Role::DepartmentReviewer, Scope::SubordinateUnits)]
    );
    let second = sent.approved_by(Role::DepartmentReviewer);
    assert_eq!(second.state(), "section_review");
    assert_eq!(
        second.holders(),
        [seat(Role::SectionReviewer, Scope::OwnSection)]
    );
    let third = second.approved_by(Role::SectionReviewer);
    assert_eq!(third.state(), "joint_review");
    let admin = actor(Role::PerformanceAdmin);
    let returned = |name: &str| {
        let order = Order::Return(ReturnTo::Step(name.to_owned()));
        third.tries(&admin, order).map(|moved| moved.state.name())
    };
    for passed in ["department_review", "section_review"] {
        assert_eq!(returned(passed), Ok(passed));
    }
    let command = Command {
        outcome: Some("优".to_owned()),
        version: third.record.version,
        ..plain(Verb::Approve)
    };
    let mut graded = third.record.clone();
    let tried = |record: &Standing| transition(KIND, record, &command, &admin);
    assert_eq!(tried(&graded), Err(Refusal::NotGraded));
    graded.case.grades = vec![(person("other"), "优".to_owned())];
    assert_eq!(tried(&graded), Err(Refusal::NotGraded), "another's form");
    graded.case.grades = vec![(admin.id.clone(), "良".to_owned())];
    let other = Refusal::OtherGrade {
        chosen: "优".to_owned(),
        computed: "良".to_owned(),
    };
    assert_eq!(tried(&graded), Err(other));
    let good = Command {
        outcome: Some("良".to_owned()),
        ..command.clone()
    };
    let agreed = |record: &Standing| transition(KIND, record, &good, &admin);
    assert_eq!(agreed(&graded), Err(Refusal::CorrectionsMissing));
    graded.case.agreed = vec![person("other")];
    assert_eq!(
        agreed(&graded),
        Err(Refusal::CorrectionsMissing),
        "another's"
    );
    graded.case.agreed = vec![admin.id.clone()];
    assert_eq!(agreed(&graded).unwrap().outcome.as_deref(), Some("良"));
    graded.case.grades = vec![(admin.id.clone(), "优".to_owned())];
    graded.case.agreed.clear();
    let moved = tried(&graded).unwrap();
    assert_eq!(moved.state.name(), "reviewed");
    assert_eq!(moved.outcome.as_deref(), Some("优"));
    assert_eq!(
        moved.holders,
        [seat(Role::BudgetOfficer, Scope::Region)],
        "a good target waits for the budget"
    );
}

#[test]
fn a_return_goes_to_the_filler_to_the_step_before_or_to_a_passed_step() {
    let third = || Case::at("joint_review");
    let admin = actor(Role::PerformanceAdmin);
    let goes = |to: ReturnTo| third().does(&admin, Order::Return(to));
    let filler = goes(ReturnTo::Filler);
    assert_eq!(filler.state(), "returned");
    assert_eq!(filler.holders(), [Holder::Filler]);
    assert_eq!(goes(ReturnTo::Previous).state(), "section_review");
    let first = goes(ReturnTo::Step("department_review".to_owned()));
    assert_eq!(first.state(), "department_review");
    assert_eq!(first.record.desk.path, [], "the later steps come again");
    let refused = third().tries(&admin, Order::Return(ReturnTo::Step("draft".to_owned())));
    assert!(matches!(refused, Err(Refusal::StepNotPassed(_))));
    let reviewer = actor(Role::DepartmentReviewer);
    let alone = Case::at("department_review").does(&reviewer, Order::Return(ReturnTo::Previous));
    assert_eq!(
        alone.state(),
        "returned",
        "before the first step is the filler"
    );
}

#[test]
fn whoever_is_asked_signs_too_and_whoever_is_added_signs_first() {
    let reviewer = actor(Role::SectionReviewer);
    let colleague = named(Role::SectionReviewer, "colleague");
    let officer = named(Role::BudgetOfficer, "officer");
    let asked = Case::at("section_review")
        .does(&reviewer, Order::Consult(vec![person("officer")]))
        .does(&reviewer, Order::Plain(Verb::Approve));
    assert_eq!(asked.state(), "section_review", "one of two has signed");
    assert_eq!(asked.holders(), [Holder::Person(person("officer"))]);
    let again = asked.tries(&reviewer, Order::Plain(Verb::Approve));
    assert_eq!(again, Err(Refusal::AlreadySigned));
    let done = asked.does(&officer, Order::Plain(Verb::Approve));
    assert_eq!(done.state(), "joint_review");

    let added = Case::at("section_review").does(&reviewer, Order::AddSigner(person("officer")));
    let early = added.tries(&colleague, Order::Plain(Verb::Approve));
    assert_eq!(early, Err(Refusal::WaitingForAdded));
    let back = added.does(&officer, Order::Plain(Verb::Approve));
    assert_eq!(back.state(), "section_review");
    assert_eq!(
        back.holders(),
        [seat(Role::SectionReviewer, Scope::OwnSection)]
    );
}

#[test]
fn a_step_handed_on_is_the_delegates_alone() {
    let reviewer = actor(Role::SectionReviewer);
    let outsider = named(Role::BudgetOfficer, "outsider");
    let handed = Case::at("section_review").does(&reviewer, Order::Delegate(person("outsider")));
    assert_eq!(handed.holders(), [Holder::Person(person("outsider"))]);
    let refused = handed.tries(&reviewer, Order::Plain(Verb::Approve));
    assert!(matches!(refused, Err(Refusal::NotYours(_))));
    let done = handed.does(&outsider, Order::Plain(Verb::Approve));
    assert_eq!(done.state(), "joint_review");
    for unfit in ["filler", "section_reviewer-1"] {
        let order = Order::Delegate(person(unfit));
        let refused = Case::at("section_review").tries(&reviewer, order);
        assert_eq!(refused, Err(Refusal::UnfitPerson), "{unfit}");
    }
    let admin = named(Role::SystemAdmin, "outsider");
    let handed = Case::at("section_review").does(&reviewer, Order::Delegate(person("outsider")));
    let refused = handed.tries(&admin, Order::Plain(Verb::Approve));
    assert_eq!(refused, Err(Refusal::NotFound), "not even when named");
}

#[test]
fn a_record_that_lies_somewhere_says_who_holds_it() {
    let lies = |kind: RecordKind, state: &str, nature: Option<Condition>| {
        let mut record = standing(kind, state);
        record.case.holds.extend(nature);
        holders(kind, &record)
    };
    let open = lies(RecordKind::Monitoring, "open", None);
    assert_eq!(open, [Holder::Filler]);
    let scored = lies(RecordKind::SelfEvaluation, "scored", None);
    assert_eq!(scored, [Holder::Filler], "until it is handed in or sent");
    let key = lies(
        RecordKind::Monitoring,
        "open",
        Some(Condition::KeyMonitoring),
    );
    assert!(key.contains(&seat(Role::PerformanceAdmin, Scope::Region)));
    assert_eq!(lies(KIND, "returned", None), [Holder::Filler]);
    let section = [seat(Role::SectionReviewer, Scope::OwnSection)];
    assert_eq!(lies(KIND, "section_review", None), section);
    assert_eq!(lies(KIND, "approved", None), [], "only exceptions are left");
    assert_eq!(lies(KIND, "cancelled", None), []);
}

#[test]
fn nobodys_absence_holds_a_record_for_good() {
    let reviewer = actor(Role::SectionReviewer);
    let colleague = named(Role::SectionReviewer, "second-reviewer");
    let gone = || person("gone");
    let back = Order::Return(ReturnTo::Filler);
    for order in [
        Order::Delegate(gone()),
        Order::AddSigner(gone()),
        Order::Consult(vec![gone()]),
    ] {
        let stuck = Case::at("section_review").does(&reviewer, order);
        let moved = stuck.tries(&colleague, back.clone()).unwrap();
        assert_eq!(moved.state.name(), "returned");
    }
    let handed = Case::at("section_review").does(&reviewer, Order::Delegate(gone()));
    let again = handed.does(&colleague, Order::Delegate(person("present")));
    assert_eq!(again.holders(), [Holder::Person(person("present"))]);
    let signed = Case::at("section_review")
        .does(&reviewer, Order::Consult(vec![gone()]))
        .does(&reviewer, Order::Plain(Verb::Approve));
    assert!(signed.tries(&colleague, back).is_ok());
}

#[test]
fn a_sender_takes_back_what_nobody_has_touched() {
    let head = actor(Role::UnitHead);
    let sent = Case::at("draft").does(&head, Order::Plain(Verb::Submit));
    let back = sent.does(&head, Order::Plain(Verb::Withdraw));
    assert_eq!(back.state(), "draft");
    let passed = back
        .does(&head, Order::Plain(Verb::Submit))
        .approved_by(Role::DepartmentReviewer);
    let refused = passed.tries(&head, Order::Plain(Verb::Withdraw));
    assert_eq!(refused, Err(Refusal::AlreadyReviewed));
    let touches = |order: Order| {
        let reviewer = actor(Role::DepartmentReviewer);
        let touched = Case::at("department_review").does(&reviewer, order);
        touched.tries(&head, Order::Plain(Verb::Withdraw))
    };
    let asked = touches(Order::Consult(vec![person("one")]));
    assert_eq!(asked, Err(Refusal::AlreadyReviewed));
    let added = touches(Order::AddSigner(person("one")));
    assert_eq!(added, Err(Refusal::AlreadyReviewed));
    let mut later = Case::at("section_review");
    later.record.desk = Desk::default();
    let refused = later.tries(&head, Order::Plain(Verb::Withdraw));
    assert_eq!(refused, Err(Refusal::AlreadyReviewed), "without a desk too");
    let reviewer = actor(Role::SectionReviewer);
    let signed = later.tries(&reviewer, Order::Plain(Verb::Approve)).unwrap();
    assert_eq!(signed.state.name(), "joint_review", "its desk is laid anew");
}

#[test]
fn whoever_sent_a_form_or_concluded_it_does_not_judge_it() {
    let mut reviewer = actor(Role::DepartmentReviewer);
    let mut case = Case::at("draft");
    case.record.subject.unit.clone_from(&reviewer.unit);
    case.record.subject.superiors.clear();
    let sent = case.does(&reviewer, Order::Plain(Verb::Submit));
    let refused = sent.tries(&reviewer, Order::Plain(Verb::Approve));
    assert_eq!(refused, Err(Refusal::FilledByYou));
    reviewer.id = person("second-reviewer");
    let passed = sent.does(&reviewer, Order::Plain(Verb::Approve));
    assert_eq!(passed.state(), "section_review");

    let kind = RecordKind::ExAnteAssessment;
    let section = actor(Role::SectionReviewer);
    let mut record = standing(kind, "submitted");
    let conclude = Command {
        outcome: Some("予以支持".to_owned()),
        ..plain(Verb::Conclude)
    };
    let moved = transition(kind, &record, &conclude, &section).unwrap();
    record.state = moved.state;
    record.desk = moved.desk;
    let ratify = Command {
        outcome: Some("通过".to_owned()),
        ..plain(Verb::Approve)
    };
    let refused = transition(kind, &record, &ratify, &section);
    assert_eq!(refused, Err(Refusal::FilledByYou));
    let other = named(Role::SectionReviewer, "second-reviewer");
    assert!(transition(kind, &record, &ratify, &other).is_ok());
}

/// A pack of a place with this text after its head.
fn local(text: &str) -> Result<Review, PackError> {
    let head = "id = \"local\"\nparent = \"national-2020\"\nversion = \"1\"\nname = \"x\"\n";
    let text = format!("{head}{text}");
    let national = builtin_text("national-2020").unwrap();
    let texts = [("national-2020", national), ("local", &text)];
    resolve("local", &texts).map(|pack| pack.review)
}

fn step(state: &str, signers: &[&str], rest: &str) -> String {
    let signers: Vec<String> = signers
        .iter()
        .map(|pair| {
            let (role, scope) = pair.split_once('/').unwrap();
            format!("{{ role = \"{role}\", scope = \"{scope}\" }}")
        })
        .collect();
    format!(
        "[[review.routes.performance_target.steps]]\nstate = \"{state}\"\nsigners = [{}]\n{rest}\n",
        signers.join(", ")
    )
}

#[test]
fn steps_in_parallel_need_every_signature_in_any_order() {
    let both = ["section_reviewer/own_section", "performance_admin/region"];
    let review = local(&step("section_review", &both, "")).unwrap();
    for order in [
        [Role::SectionReviewer, Role::PerformanceAdmin],
        [Role::PerformanceAdmin, Role::SectionReviewer],
    ] {
        let mut case = Case::at("draft");
        case.record.route = review.route(KIND);
        let sent = case.does(&actor(Role::UnitHead), Order::Plain(Verb::Submit));
        let one = sent.approved_by(order[0]);
        assert_eq!(one.state(), "section_review");
        assert_eq!(one.holders().len(), 1, "the other still holds it");
        let last = Command {
            outcome: Some("良".to_owned()),
            version: one.record.version,
            ..plain(Verb::Approve)
        };
        let concluding = actor(order[1]);
        let mut graded = one.record.clone();
        graded.case.grades = vec![(concluding.id.clone(), "良".to_owned())];
        graded.case.agreed = vec![concluding.id.clone()];
        let moved = transition(KIND, &graded, &last, &concluding).unwrap();
        assert_eq!(moved.state.name(), "reviewed");
    }
}

#[test]
fn a_step_with_a_condition_is_walked_when_it_holds() {
    let route = step("section_review", &["section_reviewer/own_section"], "")
        + &step(
            "joint_review",
            &["performance_admin/region"],
            "when = { amount_from_fen = 500000000, objects = [\"project\"] }",
        );
    let review = local(&route).unwrap();
    let next = |amount_fen: i64, object: ObjectKind| {
        let mut case = Case::at("section_review");
        case.record.route = review.route(KIND);
        case.record.case.amount_fen = amount_fen;
        case.record.case.object = object;
        let last = case.tries(&actor(Role::SectionReviewer), Order::Plain(Verb::Approve));
        last.map(|moved| moved.state.name())
    };
    let joint = Ok("joint_review");
    assert_eq!(next(500_000_000, ObjectKind::Project), joint);
    let grade = Err(Refusal::NotGraded);
    assert_eq!(
        next(499_999_999, ObjectKind::Project),
        grade,
        "the last step"
    );
    assert_eq!(
        next(500_000_000, ObjectKind::Policy),
        grade,
        "the last step"
    );
}

#[test]
fn a_route_that_cannot_be_walked_is_refused_with_its_reason() {
    let department = ["department_reviewer/subordinate_units"];
    let section = ["section_reviewer/own_section"];
    for (text, words) in [
        (step("secion_review", &section, ""), "没有审核环节"),
        (step("section_review", &[], ""), "没有审核人"),
        (
            step("section_review", &["budget_officer/region"], ""),
            "预算股没有「本地区」的审核权",
        ),
        (
            step("section_review", &section, "") + &step("department_review", &department, ""),
            "先后次序",
        ),
        (
            step("section_review", &section, "when = { amount_from_fen = 1 }"),
            "不带条件",
        ),
        (
            step("section_review", &section, "when = { amount = 1 }"),
            "没有这个参数",
        ),
        (
            step("section_review", &section, "").replace("performance_target", "commission"),
            "没有审核流程",
        ),
    ] {
        let error = local(&text).unwrap_err().to_string();
        assert!(error.contains(words), "{text} → {error}");
    }
}

#[test]
fn every_pack_has_a_route_for_every_kind_that_is_reviewed() {
    for pack in builtin_packs() {
        for kind in RecordKind::ALL {
            let route = pack.review.route(kind);
            let is_reviewed = kind.machine().review.is_some();
            assert_eq!(!route.steps.is_empty(), is_reviewed, "{} {kind:?}", pack.id);
        }
    }
    let states = |pack: &crate::rulepack::RulePack| -> Vec<String> {
        let steps = pack.review.route(KIND).steps;
        steps.iter().map(|step| step.state.to_string()).collect()
    };
    assert_eq!(
        states(default_pack()),
        ["department_review", "section_review"]
    );
    assert_eq!(states(builtin("mianzhu-2020").unwrap()).len(), 3);
}

#[test]
fn a_decision_of_an_open_meeting_is_taken_back_while_nobody_acted_on_it() {
    let admin = actor(Role::PerformanceAdmin);
    for (state, outcome) in [("reviewed", "优"), ("returned", "中"), ("rejected", "差")] {
        let mut decided = Case::at(state);
        decided.record.case.outcome = Some(outcome.to_owned());
        let withdraw = || Order::Plain(Verb::Withdraw);
        let refused = decided.tries(&admin, withdraw());
        assert!(
            matches!(
                refused,
                Err(Refusal::NotNow { .. } | Refusal::Final { .. } | Refusal::Finished { .. })
            ),
            "{state}: {refused:?}"
        );
        decided.record.case.holds.push(Condition::DecisionFresh);
        let moved = decided.tries(&admin, withdraw()).unwrap();
        assert_eq!(moved.state.name(), "joint_review", "{state}");
        assert_eq!(moved.fact, "decision_withdrawn");
        assert_eq!(moved.outcome, None, "the decision is no more");
        let passed: Vec<&str> = moved.desk.path.iter().map(|it| it.name()).collect();
        assert_eq!(passed, ["department_review", "section_review"]);
        assert_eq!(moved.holders, [seat(Role::PerformanceAdmin, Scope::Region)]);
        for other in [Role::SectionReviewer, Role::UnitHead, Role::BudgetOfficer] {
            let refused = decided.tries(&actor(other), withdraw());
            assert!(
                matches!(refused, Err(Refusal::NotYours(_))),
                "{state} {other:?}"
            );
        }
    }
}

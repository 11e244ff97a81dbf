use crate::database::MIGRATIONS;

use super::*;

db::on_both!(MIGRATIONS, the_sample_loads_once, |test| {
    let start = std::time::Instant::now();
    let summary = load(&test.db).unwrap();
    println!("{summary:?} {:?}", start.elapsed());
    assert!(is_loaded(&test.db).unwrap());
    assert!(matches!(load(&test.db), Err(Error::NotEmpty)));
});

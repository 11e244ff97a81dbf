//! What the statement reads besides the metrics.

db::statements! {
    REGION = "SELECT name, bureau_name FROM region WHERE code = $1";
    PLAN = "SELECT next_steps FROM statement_plan WHERE region_code = $1 AND work_year = $2";
}

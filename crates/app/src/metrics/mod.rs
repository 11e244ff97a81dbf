//! 考核指标: every metric is computed from the records that it lists.

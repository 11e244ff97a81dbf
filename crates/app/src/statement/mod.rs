//! 年度情况说明: the annual statement, each figure from a metric.

//! 总览：coverage and lights by department and by budget.

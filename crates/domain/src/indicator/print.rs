//! Values as a form would print them.

use std::fmt;

use super::{Measure, Operator, OperatorSource, Target};

impl fmt::Display for Measure {
    /// As a form prints it: `266米`, `18-54周岁`, `2021年12月31日`, `1次/月`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => Ok(()),
            Self::Quantity { value, unit } => write!(f, "{value}{unit}"),
            Self::Range { low, high, unit } => write!(f, "{low}-{high}{unit}"),
            Self::Date { year, month, day } => {
                if let Some(year) = year {
                    write!(f, "{year}年")?;
                }
                if let Some(month) = month {
                    write!(f, "{month}月")?;
                }
                day.map_or(Ok(()), |day| write!(f, "{day}日"))
            }
            Self::Frequency { count, unit, per } => write!(f, "{count}{unit}/{per}"),
            Self::YesNo(true) => f.write_str("是"),
            Self::YesNo(false) => f.write_str("否"),
            Self::Words(words) => f.write_str(words),
            Self::Template => f.write_str("……"),
            Self::Unreadable { likely, .. } => f.write_str(likely.as_deref().unwrap_or("？")),
        }
    }
}

impl fmt::Display for Target {
    /// The value with its sign, where one was printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((operator, OperatorSource::Sign | OperatorSource::Words)) = self.operator
            && operator != Operator::Qualitative
        {
            f.write_str(operator.sign())?;
        }
        self.measure.fmt(f)
    }
}

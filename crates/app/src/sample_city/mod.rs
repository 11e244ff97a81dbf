//! The sample city 绵竹市 2020, made by a deterministic generator from published counts.

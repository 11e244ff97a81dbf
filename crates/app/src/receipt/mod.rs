//! 得分回执: any receipt as a page's part, its recomputation and its file.

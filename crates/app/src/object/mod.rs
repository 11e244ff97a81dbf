//! 项目、部门整体、政策: the list and one object's whole life.

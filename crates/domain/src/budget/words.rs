//! The words of money: where it comes from, what changed, what kind of project takes it.
//!
//! Source: domain reference §1.1, §5.1 and §5.4; the other spellings are those of lists in use.

use serde::{Deserialize, Serialize};

/// A closed list of words: each with its name in the database, its label, and other spellings.
macro_rules! words {
    ($(#[$doc:meta])* $list:ident {
        $($(#[$word_doc:meta])* $word:ident = $name:literal, $label:literal, [$($also:literal),*];)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $list {
            $($(#[$word_doc])* $word,)*
        }

        impl $list {
            /// Every word, in the order of the source.
            pub const ALL: &[Self] = &[$(Self::$word,)*];

            /// As in the database.
            pub fn name(self) -> &'static str {
                match self { $(Self::$word => $name,)* }
            }

            /// Its word on screen.
            pub fn label(self) -> &'static str {
                match self { $(Self::$word => $label,)* }
            }

            /// The word of that name in the database.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.name() == name)
            }

            /// The word as people write it, without blanks.
            pub fn read(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| {
                    let also: &[&str] = match word { $(Self::$word => &[$($also),*],)* };
                    word.label() == text || also.contains(&text)
                })
            }
        }
    };
}

words! {
    /// 资金来源: a book of the budget, or money outside the four books.
    FundSource {
        /// 一般公共预算资金
        GeneralPublic = "general_public", "一般公共预算", [
            "一般公共预算资金", "一般公共预算拨款", "一般公共预算财政拨款", "一般公共预算拨款收入",
            "公共财政预算", "一般公共", "公共预算"];
        /// 政府性基金预算资金
        GovFund = "gov_fund", "政府性基金预算", [
            "政府性基金预算资金", "政府性基金", "政府性基金拨款", "政府性基金预算拨款",
            "政府性基金预算财政拨款", "政府性基金预算拨款收入", "基金预算"];
        /// 国有资本经营预算资金
        StateCapital = "state_capital", "国有资本经营预算", [
            "国有资本经营预算资金", "国有资本经营", "国有资本经营预算拨款", "国资预算",
            "国有资本经营预算财政拨款", "国有资本经营预算拨款收入", "国有资本"];
        /// 社会保险基金预算资金
        SocialInsurance = "social_insurance", "社会保险基金预算", [
            "社会保险基金预算资金", "社会保险基金", "社保基金预算", "社保基金", "社保基金预算资金"];
        /// 财政专户管理资金
        SpecialAccount = "special_account", "财政专户管理资金", [
            "财政专户", "财政专户资金", "专户资金", "财政专户管理资金收入", "教育收费"];
        /// 单位资金
        UnitFunds = "unit_funds", "单位资金", [
            "单位自有资金", "自有资金", "事业收入", "事业单位经营收入", "上级补助收入",
            "附属单位上缴收入", "经营收入", "其他收入", "单位资金收入"];
        /// 其他资金
        OtherFunds = "other_funds", "其他资金", ["社会投入资金", "银行贷款"];
    }
}

impl FundSource {
    /// The name of the book in the database: `outside` for money outside the four books.
    pub fn book(self) -> &'static str {
        match self {
            Self::SpecialAccount | Self::UnitFunds | Self::OtherFunds => "outside",
            book => book.name(),
        }
    }

    /// The book of a number as the column 预算类型 prints it.
    ///
    /// Source: domain reference §5.1.
    pub fn of_book_number(text: &str) -> Option<Self> {
        match text.trim_start_matches('0') {
            "1" => Some(Self::GeneralPublic),
            "2" => Some(Self::GovFund),
            "3" => Some(Self::StateCapital),
            "4" => Some(Self::SocialInsurance),
            _ => None,
        }
    }
}

words! {
    /// 资金级次: whose money it is.
    Origin {
        /// 本级
        Local = "local", "本级", [
            "本级财力", "本级资金", "本级安排", "本级预算", "县级", "县本级", "市本级", "区本级",
            "县级财力", "县级资金", "本级财政资金", "当年本级"];
        /// 上级转移支付
        TransferFromAbove = "transfer_from_above", "上级转移支付", [
            "上级资金", "上级补助", "上级补助资金", "上级专项", "转移支付", "上级", "上级转移支付资金",
            "中央资金", "省级资金", "中央补助", "省级补助", "中央", "省级", "提前下达",
            "上级专项转移支付", "专项转移支付", "一般性转移支付", "上级转移支付收入"];
        /// 上年结转
        CarryOver = "carry_over", "上年结转", [
            "结转资金", "上年结转资金", "上年结转结余", "结转", "结转结余", "上年结余",
            "结余结转", "历年结转"];
    }
}

words! {
    /// 预算变动: how the line came into the budget.
    ChangeKind {
        /// 年初
        Initial = "initial", "年初", [
            "年初预算", "年初预算数", "年初数", "年初批复", "年初批复数", "年初安排", "年初下达",
            "初始预算", "年初预算批复"];
        /// 追加
        Supplement = "supplement", "追加", [
            "追加数", "追加预算", "追加预算数", "追加金额", "年中追加", "预算追加", "追加指标",
            "当年追加", "执行中追加", "调增"];
        /// 调减
        Reduction = "reduction", "调减", [
            "调减数", "调减预算", "调减预算数", "调减金额", "追减", "预算调减", "核减", "压减", "收回",
            "追减数"];
        /// 调剂
        Transfer = "transfer", "调剂", [
            "调剂数", "预算调剂", "调剂金额", "调剂增减", "项目调剂", "科目调剂"];
    }
}

words! {
    /// 项目类别
    ProjectKind {
        /// 人员类
        Personnel = "personnel", "人员类", ["人员类项目", "人员经费", "R"];
        /// 运转类
        Operating = "operating", "运转类", [
            "运转类项目", "公用经费", "其他运转类", "其他运转类项目", "公用经费项目", "Y"];
        /// 特定目标类
        SpecialPurpose = "special_purpose", "特定目标类", ["特定目标类项目", "特定目标", "T"];
    }
}

words! {
    /// 项目属性
    Nature {
        /// 新增
        New = "new", "新增项目", ["新增", "新增类", "新增性项目"];
        /// 延续
        Continuing = "continuing", "延续项目", ["延续", "延续性项目", "延续类", "结转项目"];
    }
}

words! {
    /// 指标状态: whether the money of a line was given out.
    Release {
        /// 未下达
        Planned = "planned", "未下达", [];
        /// 已下达
        Released = "released", "已下达", [];
        /// 不予安排
        Withheld = "withheld", "不予安排", [];
    }
}

//! The district's people, departments and matters: made up, in the shapes of real ones.

use crate::domain::words::{Channel, Origin};

pub const CODE: &str = "330502";
pub const NAME: &str = "湖州市吴兴区人民代表大会（示例）";
pub const POLICY: &str = "zhejiang-2016";

/// id, label, origin, first and last day.
#[rustfmt::skip] // A table is read in columns.
pub const SESSIONS: [(&str, &str, Origin, &str, Option<&str>); 6] = [
    ("5-3",         "区五届人大三次会议",       Origin::InSession,       "2024-01-16", Some("2024-01-19")),
    ("5-3-between", "区五届人大三次会议闭会期间", Origin::BetweenSessions, "2024-01-20", Some("2025-01-13")),
    ("5-4",         "区五届人大四次会议",       Origin::InSession,       "2025-01-14", Some("2025-01-17")),
    ("5-4-between", "区五届人大四次会议闭会期间", Origin::BetweenSessions, "2025-01-18", Some("2026-01-12")),
    ("5-5",         "区五届人大五次会议",       Origin::InSession,       "2026-01-13", Some("2026-01-16")),
    ("5-5-between", "区五届人大五次会议闭会期间", Origin::BetweenSessions, "2026-01-17", None),
];

pub const DELEGATIONS: [&str; 9] = ["织里", "八里店", "月河", "朝阳", "爱山", "飞英", "龙泉", "凤凰", "环渚"];

pub const DEPUTIES: [&str; 36] = [
    "陈芳",
    "沈建国",
    "王丽娟",
    "潘卫东",
    "李梅",
    "张海燕",
    "吴志明",
    "徐秀英",
    "朱国强",
    "杨慧",
    "周建平",
    "钱红",
    "孙立新",
    "郑晓燕",
    "胡伟",
    "林玉兰",
    "何勇",
    "高静",
    "罗新华",
    "梁敏",
    "宋涛",
    "唐雪",
    "许文斌",
    "邓小红",
    "冯刚",
    "曹丽",
    "彭军",
    "曾艳",
    "萧平",
    "田蕾",
    "董浩",
    "袁琴",
    "蒋伟民",
    "余芬",
    "杜明",
    "叶青",
];

/// name and channel; the first is the one that the `department` account signs in for.
#[rustfmt::skip] // A table is read in columns.
pub const DEPARTMENTS: [(&str, Channel); 16] = [
    ("区交通运输局", Channel::Government),       ("区住房和城乡建设局", Channel::Government),
    ("区教育局", Channel::Government),           ("区卫生健康局", Channel::Government),
    ("区农业农村局", Channel::Government),       ("区民政局", Channel::Government),
    ("市生态环境局吴兴分局", Channel::Government), ("区文化和广电旅游体育局", Channel::Government),
    ("区综合行政执法局", Channel::Government),   ("区经济信息化和科技局", Channel::Government),
    ("区人力资源和社会保障局", Channel::Government), ("区水利局", Channel::Government),
    ("区商务局", Channel::Government),           ("区财政局", Channel::Government),
    ("区人民法院", Channel::Direct),             ("区人民检察院", Channel::Direct),
];

pub struct Matter {
    pub category: &'static str,
    pub title: &'static str,
    /// Index of the department whose business it is.
    pub department: usize,
}

const fn matter(category: &'static str, title: &'static str, department: usize) -> Matter {
    Matter { category, title, department }
}

/// Each matter is raised for each of the five places.
#[rustfmt::skip] // A table is read in columns.
pub const MATTERS: [Matter; 21] = [
    matter("城建交通", "优化公交线路、增设站点", 0),     matter("城建交通", "改善老旧小区停车难", 1),
    matter("社会事业", "扩大普惠学前教育供给", 2),       matter("社会事业", "加强社区卫生服务站建设", 3),
    matter("农业农村", "推进高标准农田建设", 4),         matter("社会事业", "完善居家养老服务", 5),
    matter("城建交通", "整治河道污染、改善水环境", 6),   matter("社会事业", "增设社区体育健身设施", 7),
    matter("社区管理", "规范夜间经济、减少扰民", 8),     matter("经济发展", "支持童装产业数字化改造", 9),
    matter("经济发展", "缓解中小企业用工难", 10),        matter("农业农村", "加固圩区堤防、提升排涝能力", 11),
    matter("经济发展", "改造提升农贸市场", 12),          matter("经济发展", "加大对民营企业的财政支持", 13),
    matter("社会事业", "加强未成年人司法保护", 15),      matter("城建交通", "加快农村公路提档升级", 0),
    matter("城建交通", "推进既有住宅加装电梯", 1),       matter("社会事业", "改善学校周边接送通行", 2),
    matter("社区管理", "加强垃圾分类设施管理", 8),       matter("农业农村", "发展乡村旅游、保护古桥古村", 7),
    matter("社会事业", "便利群众参与诉前调解", 14),
];

pub const PLACES: [&str; 5] = ["织里镇", "八里店镇", "月河街道", "飞英街道", "龙泉街道"];

// What the stable names of the API are called.

import { t } from "./text.js";

let pack = {};

/** Use what the company's own pack calls its intents, slots, choices, skills, tickets and tasks. */
export function usePack(words) {
  pack = words || {};
}

const pick = (map, name, kind = "names") => map[name] || (pack[kind] || {})[name] || name;

/** Why the bot gave a conversation to a person. */
export function reasonWords(reason) {
  return pick({
    asked_for_human: t("要求人工"), low_confidence: t("没听懂"), out_of_scope: t("超出范围"), repeated_miss: t("连续未解决"),
    negative_emotion: t("情绪不满"), complaint: t("投诉"), flow_failed: t("办理失败"), knowledge_gap: t("知识缺失"), vip: t("贵宾"), urgent: t("紧急"), needs_person: t("须人工办理"), error: t("系统异常"),
  }, reason);
}

/** How much a reason presses: the colour of its tag. */
export function reasonTone(reason) {
  if (["complaint", "negative_emotion", "urgent", "error"].includes(reason)) return "tag-red";
  return ["vip", "flow_failed", "repeated_miss"].includes(reason) ? "tag-amber" : "";
}

export function statusWords(status) {
  return pick({ NEW: t("待处理"), PROCESSING: t("处理中"), RESOLVED: t("已完成"), pending: t("机器人接待"), open: t("人工接待"), snoozed: t("已搁置"), resolved: t("已结束"), draft: t("草稿"), review: t("待审核"), published: t("已发布"), archived: t("已归档") }, status);
}

export function statusTone(status) {
  return { NEW: "tag-amber", PROCESSING: "tag-accent", RESOLVED: "tag-green", published: "tag-green", draft: "tag-amber", review: "tag-amber" }[status] || "";
}

export function kindWords(kind) {
  return pick({ return: t("退货"), exchange: t("换货"), refund: t("退款"), complaint: t("投诉"), question: t("咨询"), repair: t("维修"), invoice: t("发票"), logistics: t("物流"), urge_shipping: t("催发货") }, kind);
}

/** What a slot is called. */
export function slotWords(slot) {
  return pick({
    order_id: t("订单号"), phone: t("手机号"), phone_last4: t("手机尾号"), phone_tail: t("手机尾号"), tracking_no: t("运单号"), reason: t("原因"), return_reason: t("退货原因"), item: t("订单商品"), product: t("商品"),
    confirm: t("已确认"), carrier: t("快递公司"), amount: t("金额"), money: t("金额"), quantity: t("数量"), return_no: t("退货单号"), email: t("邮箱"), address: t("地址"), region: t("地区"), color: t("颜色"), size: t("尺码"), date: t("日期"), status: t("状态"), name: t("姓名"), company: t("快递公司"), time: t("时间"),
  }, slot, "slots");
}

/** What a slot's value is called, where it is one of a few. */
export function valueWords(slot, value) {
  if (slot !== "return_reason") return pick({}, value, "choices");
  return pick({ wrong_size: t("尺码不合适"), quality: t("质量问题"), not_as_described: t("与描述不符"), changed_mind: t("不想要了") }, value);
}

const skills = () => ({ after_sales: t("售后"), tech: t("技术"), finance: t("财务"), sales: t("销售") });

/** What a group of people with one skill is called. */
export function skillWords(skill) {
  return pick(skills(), skill);
}

/** The stable name of the skill that somebody typed: either that, or what it is called. */
export function skillNamed(words) {
  const known = Object.entries(skills()).find(([, called]) => called.toLowerCase() === words.toLowerCase());
  return known ? known[0] : words;
}

const INNER = ["confirm", "urged_order"];

/** The slots worth showing, as [name, value] pairs. */
export function knownSlots(slots) {
  return Object.entries(slots || {}).filter(([name, value]) => value && !INNER.includes(name));
}

/** What a task of the bot is called. */
export function flowWords(flow) {
  return pick({ track_order: t("查订单物流"), return_item: t("申请退货") }, flow);
}

/** What an intent is called; the stable name is shown beside it on hover. */
export function intentWords(intent) {
  return pick({
    greet: t("打招呼"), goodbye: t("再见"), thank: t("感谢"), affirm: t("肯定"), deny: t("否定"), request_human: t("转人工"), ask_bot_identity: t("问身份"), complain_service: t("投诉服务"), complain_quality: t("质量投诉"),
    ask_business_hours: t("营业时间"), ask_contact: t("联系方式"), query_order_status: t("查订单"), query_logistics: t("查物流"), urge_shipping: t("催发货"), ask_shipping_time: t("发货时效"), ask_shipping_fee: t("运费"), ask_shipping_area: t("配送范围"),
    change_address: t("改地址"), cancel_order: t("取消订单"), modify_order: t("改订单"), report_lost_package: t("丢件"), report_damaged: t("破损"), report_wrong_item: t("错发漏发"), ask_return_policy: t("退换政策"), apply_return: t("申请退货"), apply_exchange: t("申请换货"),
    query_return_progress: t("退货进度"), query_refund_progress: t("退款进度"), ask_return_shipping_fee: t("退货运费"), ask_product_info: t("商品信息"), ask_suitability: t("适用人群"), ask_usage: t("使用方法"), ask_size: t("尺码"), ask_stock: t("库存"), ask_price: t("价格"), ask_discount: t("优惠活动"),
    use_coupon: t("优惠券"), bargain: t("讲价"), request_price_protection: t("价保"), ask_gift: t("赠品"), ask_authenticity: t("真伪"), ask_warranty: t("保修"), ask_repair: t("维修"), ask_recommendation: t("推荐"), ask_payment_methods: t("支付方式"), report_payment_failure: t("支付失败"),
    ask_installment: t("分期"), request_invoice: t("开发票"), fix_invoice: t("改发票"), report_login_problem: t("登录问题"), reset_password: t("重置密码"), change_phone: t("换绑手机"), delete_account: t("注销账号"), ask_membership: t("会员"), ask_wholesale: t("批发外贸"), report_bug: t("系统故障"), ask_billing: t("计费"), out_of_scope: t("超出范围"),
  }, intent, "intents");
}

//! The OpenAPI document: collected from the routes, so that there is no second list of them.

use actix_web::App;
use utoipa::{
    OpenApi,
    openapi::{
        OpenApi as Document,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_actix_web::{AppExt, scope};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Jianyi 建议",
        description = "Case management of a People's Congress for its deputies' suggestions and motions 人大代表议案、建议办理.\n\nErrors are RFC 9457 problems, in Chinese or, with `Accept-Language: en`, in English. Commands on a case need `If-Match` with the version seen (428 without, 412 when stale). `Idempotency-Key` on a POST to cases and their steps makes it safe to repeat.\n\nWho asks too often is answered 429 with `Retry-After`; what reaches a production service in plain text, not through its TLS proxy, 421.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "sign-in", description = "Signing in 登录"),
        (name = "accounts", description = "Accounts, and what was done 账户与操作记录"),
        (name = "cases", description = "Cases 办件"),
        (name = "procedure", description = "Steps of the procedure 办理环节"),
        (name = "events", description = "Being told of what happens 事件与推送"),
        (name = "public", description = "What residents may read 公开"),
        (name = "figures", description = "Figures 统计"),
        (name = "evidence", description = "The log that is evidence 存证"),
        (name = "reports", description = "Sealed reports 封存报告"),
        (name = "worklist", description = "What waits for me 工作清单、日程"),
        (name = "commitments", description = "The ledger of promises, and quarterly statements of them 承诺事项台账"),
        (name = "supervision", description = "What a supervisor may want to look at 监督"),
        (name = "problems", description = "Problem lists, each item with its day and its striking-off 问题清单"),
        (name = "selections", description = "The selection of the best-handled suggestions 选树"),
        (name = "campaigns", description = "Revisit campaigns 回头看活动: what closed cases have come to"),
        (name = "stations", description = "Contact stations and residents' opinions 代表联络站与群众意见"),
        (name = "rules", description = "Policies and calendars 办理办法与工作日历"),
        (name = "directory", description = "Congresses, sessions, departments, deputies 名录")
    )
)]
struct Description;

/// The whole contract.
pub fn document() -> Document {
    let (_, document) = App::new()
        .into_utoipa_app()
        .openapi(Description::openapi())
        .service(scope::scope("/v1").configure(super::described))
        .split_for_parts();
    secured(document)
}

fn secured(mut document: Document) -> Document {
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    let components = document.components.get_or_insert_with(Default::default);
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    document
}

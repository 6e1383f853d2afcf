//! Single sign-on by OpenID Connect: the authorization code flow with PKCE, as a relying party. Says whom the provider
//! vouches for; knows neither our accounts nor what anybody may do, and keeps no attempt.

mod http;
mod known;
mod verify;

use chrono::{DateTime, Utc};
use known::{Cache, Known};
use openidconnect::{
    AuthType, AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope,
    core::{CoreClient, CoreClientAuthMethod, CoreResponseType, CoreTokenResponse},
};

use super::refresh;

/// How this installation is known to the provider.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Exactly as the provider writes it.
    pub issuer: String,
    pub client_id: String,
    /// None for a public client, which PKCE alone protects.
    pub client_secret: Option<String>,
    /// The page of the front end to which the provider sends people back.
    pub redirect_uri: String,
    /// Beyond `openid`.
    pub scopes: Vec<String>,
    /// What stands on the button.
    pub name: String,
    /// What in `amr`, or as `acr`, says that a second factor was shown.
    pub second_factor: Vec<String>,
}

/// Why nobody is vouched for.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OidcError {
    /// A setting, or the machine, is wrong.
    #[error("single sign-on: {0}")]
    Settings(String),
    /// The provider gives no answer, or one that no provider gives.
    #[error("single sign-on: the provider {0}")]
    Unavailable(String),
    /// What was presented is not good; the reason is for the log.
    #[error("single sign-on refused: {0}")]
    Refused(String),
}

/// Somebody is sent to the provider; what has to be remembered until he comes back.
pub struct Attempt {
    /// Where his browser is sent.
    pub url: String,
    pub state: String,
    pub nonce: String,
    pub verifier: String,
}

/// Whom the provider vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    pub issuer: String,
    pub subject: String,
    /// Whether he showed more than a password there.
    pub second_factor: bool,
    /// When he showed it, if that is told.
    pub at: Option<DateTime<Utc>>,
}

/// The provider of single sign-on.
pub struct Provider {
    settings: Settings,
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    http: http::Client,
    cache: Cache,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Provider {
    /// Asks nothing yet, so that the service starts whether the provider answers or not.
    ///
    /// # Errors
    /// When an address is none, or the machine trusts no certificates.
    pub fn new(settings: Settings) -> Result<Self, OidcError> {
        let wrong =
            |name: &str, error: &dyn std::fmt::Display| OidcError::Settings(format!("{name}: {error}"));
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|e| wrong("issuer", &e))?;
        let redirect =
            RedirectUrl::new(settings.redirect_uri.clone()).map_err(|e| wrong("redirect address", &e))?;
        let plain = issuer.url().scheme() == "http";
        let http = http::Client::new(plain).map_err(|error| OidcError::Settings(error.to_string()))?;
        Ok(Self { settings, issuer, redirect, http, cache: Cache::default() })
    }

    /// What stands on the button.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Whose subjects its subjects are.
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Whether the provider's description and keys can be had.
    ///
    /// # Errors
    /// When they cannot, with the reason.
    pub async fn reachable(&self) -> Result<(), OidcError> {
        self.cache.known(&self.issuer, &self.http).await.map(|_| ())
    }

    /// Makes ready to send somebody to the provider.
    ///
    /// # Errors
    /// When the provider's description cannot be had, or the system gives no random bytes.
    pub async fn begin(&self) -> Result<Attempt, OidcError> {
        let known = self.cache.known(&self.issuer, &self.http).await?;
        let [state, nonce, verifier] = [secret()?, secret()?, secret()?];
        let challenge =
            PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier.clone()));
        let client = self.client(&known);
        let own = (CsrfToken::new(state.clone()), Nonce::new(nonce.clone()));
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let mut request =
            client.authorize_url(flow, move || own.0, move || own.1).set_pkce_challenge(challenge);
        for scope in self.settings.scopes.iter().filter(|scope| *scope != "openid") {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        let url = request.url().0.to_string();
        Ok(Attempt { url, state, nonce, verifier })
    }

    /// Exchanges the code that came back for the provider's word. `named` is the `iss` that came with the code, if any.
    ///
    /// # Errors
    /// [`OidcError::Refused`] when the code or the word is not good, [`OidcError::Unavailable`] when there is no answer.
    pub async fn finish(
        &self,
        code: &str,
        named: Option<&str>,
        nonce: &str,
        verifier: &str,
        now: DateTime<Utc>,
    ) -> Result<Vouched, OidcError> {
        let known = self.cache.known(&self.issuer, &self.http).await?;
        self.is_from_here(&known, named)?;
        let answer = self.exchange(&known, code, verifier).await?;
        match verify::vouched(&self.settings, &known.keys, &answer, nonce, now) {
            Err(verify::Wrong::UnknownKey) => {
                let known = self.cache.with_other_keys(&self.issuer, &self.http, &known).await?;
                verify::vouched(&self.settings, &known.keys, &answer, nonce, now).map_err(refused)
            }
            vouched => vouched.map_err(refused),
        }
    }

    /// RFC 9207: the code comes from this provider and from no other, whom the browser was talked into.
    fn is_from_here(&self, known: &Known, named: Option<&str>) -> Result<(), OidcError> {
        match named {
            Some(named) if named == self.settings.issuer => Ok(()),
            Some(named) => Err(OidcError::Refused(format!("the code comes from {named:?}"))),
            None if known.metadata.additional_metadata().authorization_response_iss_parameter_supported => {
                Err(OidcError::Refused("the code came without `iss`, which the provider sends".to_owned()))
            }
            None => Ok(()),
        }
    }

    async fn exchange(
        &self,
        known: &Known,
        code: &str,
        verifier: &str,
    ) -> Result<CoreTokenResponse, OidcError> {
        let client = self.client(known);
        let call = |request| self.http.call(request);
        let request = client.exchange_code(AuthorizationCode::new(code.to_owned())).map_err(|_| {
            OidcError::Unavailable("names no address at which codes are exchanged".to_owned())
        })?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(verifier.to_owned()));
        request.request_async(&call).await.map_err(|error| match error {
            // Anything else than a bad code is a fault of the settings.
            RequestTokenError::ServerResponse(told) if told.error().as_ref() == "invalid_grant" => {
                OidcError::Refused(format!("the code is not good: {told}"))
            }
            RequestTokenError::ServerResponse(told) => {
                OidcError::Unavailable(format!("does not exchange codes: {told}"))
            }
            RequestTokenError::Request(error) => OidcError::Unavailable(error.to_string()),
            // Its text may hold tokens: it is not told.
            RequestTokenError::Parse(..) => {
                OidcError::Unavailable("answered with what is no token".to_owned())
            }
            RequestTokenError::Other(told) => {
                OidcError::Unavailable(format!("gave a strange answer: {told}"))
            }
        })
    }

    fn client(&self, known: &Known) -> Client {
        let secret = self.settings.client_secret.clone().map(ClientSecret::new);
        let id = ClientId::new(self.settings.client_id.clone());
        let client = CoreClient::from_provider_metadata(known.metadata.clone(), id, secret);
        let offered = known.metadata.token_endpoint_auth_methods_supported();
        let offers = |method| offered.is_none_or(|all| all.contains(&method));
        let post = !offers(CoreClientAuthMethod::ClientSecretBasic)
            && offers(CoreClientAuthMethod::ClientSecretPost);
        let way = if post { AuthType::RequestBody } else { AuthType::BasicAuth };
        client.set_redirect_uri(self.redirect.clone()).set_auth_type(way)
    }
}

fn refused(wrong: verify::Wrong) -> OidcError {
    OidcError::Refused(wrong.to_string())
}

fn secret() -> Result<String, OidcError> {
    let random = refresh::new().map_err(|error| OidcError::Settings(error.to_string()))?;
    Ok(random.secret)
}

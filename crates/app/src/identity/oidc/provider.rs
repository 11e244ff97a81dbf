//! The provider of the common login (OpenID Connect): the authorization code flow with PKCE.
//!
//! Everything here waits for the network and runs on threads that may.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdTokenClaims, CoreProviderMetadata,
};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, TokenResponse as _,
};
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// How long what the provider says of itself is remembered.
const REMEMBERED: Duration = Duration::from_mins(10);

/// How long an answer of the provider is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest answer that is read, in bytes.
const MOST_BYTES: u64 = 1024 * 1024;

/// Which claim tells who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// `sub`
    Subject,
    /// `preferred_username`
    Username,
    /// `email`, if the provider verified it.
    Email,
}

/// How the program reaches the provider; all from the environment.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// `JIXIAO_OIDC_ISSUER`
    pub(crate) issuer: String,
    /// `JIXIAO_OIDC_CLIENT_ID`
    pub(crate) client_id: String,
    /// `JIXIAO_OIDC_CLIENT_SECRET`; none for a public client.
    pub(crate) client_secret: Option<String>,
    /// `JIXIAO_OIDC_SITE`: this site as browsers reach it, `https://jixiao.example.gov.cn`.
    pub(crate) site: String,
    /// `JIXIAO_OIDC_CLAIM`
    pub(crate) claim: Claim,
    /// `JIXIAO_OIDC_LABEL`: what the button says.
    pub(crate) label: String,
}

impl Settings {
    /// What `variable` gives; none where no issuer is named.
    ///
    /// # Errors
    /// A Chinese sentence about a variable that is missing or wrong.
    pub(crate) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, String> {
        let find = |name: &str| variable(name).filter(|text| !text.trim().is_empty());
        let Some(issuer) = find("JIXIAO_OIDC_ISSUER") else {
            return Ok(None);
        };
        let need = |name: &str| {
            find(name).ok_or_else(|| format!("统一认证缺少环境变量 {name}：请设置后再启动"))
        };
        let claim = match find("JIXIAO_OIDC_CLAIM").as_deref() {
            None | Some("sub") => Claim::Subject,
            Some("preferred_username") => Claim::Username,
            Some("email") => Claim::Email,
            Some(other) => {
                return Err(format!(
                    "JIXIAO_OIDC_CLAIM 不能是 {other}：可以是 sub、preferred_username 或 email"
                ));
            }
        };
        let label = find("JIXIAO_OIDC_LABEL");
        Ok(Some(Self {
            issuer,
            client_id: need("JIXIAO_OIDC_CLIENT_ID")?,
            client_secret: find("JIXIAO_OIDC_CLIENT_SECRET"),
            site: need("JIXIAO_OIDC_SITE")?.trim_end_matches('/').to_owned(),
            claim,
            label: label.unwrap_or_else(|| "统一认证登录".to_owned()),
        }))
    }
}

/// Why the provider did not help; the text is for the log.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The provider cannot be reached or does not answer as it should.
    #[error("the common login's provider: {0}")]
    Provider(String),
    /// The answer is not for this login: signature, audience, age or nonce.
    #[error("the common login's answer: {0}")]
    Answer(String),
}

fn provider(cause: &impl std::fmt::Display) -> Failure {
    Failure::Provider(cause.to_string())
}

/// What a login carries to the provider and back.
#[derive(Debug, Clone)]
pub(crate) struct Begun {
    /// Where the browser goes.
    pub(crate) address: String,
    /// What comes back with it.
    pub(crate) state: String,
    /// What the answer must repeat.
    pub(crate) nonce: String,
    /// What proves that the code is ours.
    pub(crate) verifier: String,
}

/// The provider.
pub(crate) struct Provider {
    pub(crate) settings: Settings,
    agent: Agent,
    remembered: Mutex<Option<(Instant, CoreProviderMetadata)>>,
}

impl Provider {
    /// A provider that is asked when the first person comes.
    pub(crate) fn new(settings: Settings) -> Self {
        // The authorities that the machine trusts, a bureau's own among them.
        let found = rustls_native_certs::load_native_certs();
        let own: Vec<Certificate<'static>> = found
            .certs
            .iter()
            .map(|der| Certificate::from_der(der.as_ref()).to_owned())
            .collect();
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&own))
            .build();
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(PATIENCE))
            .tls_config(tls)
            .build()
            .new_agent();
        Self {
            settings,
            agent,
            remembered: Mutex::default(),
        }
    }

    fn call(
        &self,
        request: openidconnect::HttpRequest,
    ) -> Result<openidconnect::HttpResponse, ureq::Error> {
        let mut answer = self.agent.run(request)?;
        let body = answer.body_mut().with_config().limit(MOST_BYTES);
        let bytes = body.read_to_vec()?;
        let (parts, _) = answer.into_parts();
        Ok(openidconnect::HttpResponse::from_parts(parts, bytes))
    }

    fn metadata(&self) -> Result<CoreProviderMetadata, Failure> {
        let remembered = || {
            self.remembered
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some((at, metadata)) = &*remembered()
            && at.elapsed() < REMEMBERED
        {
            return Ok(metadata.clone());
        }
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(|e| provider(&e))?;
        let call = |request| self.call(request);
        let metadata = CoreProviderMetadata::discover(&issuer, &call).map_err(|e| provider(&e))?;
        *remembered() = Some((Instant::now(), metadata.clone()));
        Ok(metadata)
    }

    fn redirect(&self) -> Result<RedirectUrl, Failure> {
        let address = format!("{}/login/common/callback", self.settings.site);
        RedirectUrl::new(address).map_err(|e| provider(&e))
    }

    fn secret(&self) -> Option<ClientSecret> {
        self.settings.client_secret.clone().map(ClientSecret::new)
    }

    /// Begins a login.
    ///
    /// # Errors
    /// The provider cannot be reached.
    pub(crate) fn begin(&self) -> Result<Begun, Failure> {
        let id = ClientId::new(self.settings.client_id.clone());
        let client = CoreClient::from_provider_metadata(self.metadata()?, id, self.secret())
            .set_redirect_uri(self.redirect()?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .set_pkce_challenge(challenge);
        let scope = match self.settings.claim {
            Claim::Subject => None,
            Claim::Username => Some("profile"),
            Claim::Email => Some("email"),
        };
        if let Some(scope) = scope {
            request = request.add_scope(Scope::new(scope.to_owned()));
        }
        let (address, state, nonce) = request.url();
        Ok(Begun {
            address: address.to_string(),
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
        })
    }

    /// Who came back with `code`; none where the provider does not say it in the claim.
    ///
    /// # Errors
    /// The provider cannot be reached, or its answer is not for this login.
    pub(crate) fn finish(
        &self,
        code: String,
        nonce: String,
        verifier: String,
    ) -> Result<Option<String>, Failure> {
        let id = ClientId::new(self.settings.client_id.clone());
        let client = CoreClient::from_provider_metadata(self.metadata()?, id, self.secret())
            .set_redirect_uri(self.redirect()?);
        let call = |request| self.call(request);
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|e| provider(&e))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request(&call)
            .map_err(|e| Failure::Answer(e.to_string()))?;
        let token = answer
            .id_token()
            .ok_or_else(|| Failure::Answer("no id token".to_owned()))?;
        let claims = token
            .claims(&client.id_token_verifier(), &Nonce::new(nonce))
            .map_err(|e| Failure::Answer(e.to_string()))?;
        Ok(self.person(claims))
    }

    fn person(&self, claims: &CoreIdTokenClaims) -> Option<String> {
        match self.settings.claim {
            Claim::Subject => Some(claims.subject().to_string()),
            Claim::Username => claims.preferred_username().map(|name| name.to_string()),
            Claim::Email => claims
                .email()
                .filter(|_| claims.email_verified() == Some(true))
                .map(|email| email.to_string()),
        }
    }
}

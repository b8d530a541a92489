//! An attester, asked over HTTP. Only for threads that may wait.

mod public;
#[cfg(test)]
mod tests;

use {
    crate::{
        blob::{self, MOST},
        clock::ChainClock,
        request::{self, Asked, Nonce},
        wire::{
            Admission, Admitted, Claimed, Claims, Countersigned, Finding, OfWindow, Received,
            Submission, Terms, Told,
        },
    },
    public::{Public, is_public_address},
    reqwest::{
        Method, StatusCode,
        blocking::{Client, Response},
        redirect::Policy,
    },
    serde::{Serialize, de::DeserializeOwned},
    sluice_client::foreign::Foreign,
    solana_address::Address,
    solana_signer::Signer,
    std::{error, io::Read, sync::Arc, time::Duration},
    thiserror::Error,
    url::{Host, Url},
};

/// Most bytes of an answer that is no blob.
const ANSWER: u64 = 64 << 10;

/// Most letters of a refusal's code and of its sentence; the rest is not looked at.
const CODE: usize = 32;
const MESSAGE: usize = 300;

/// Bytes of a blob that are sent without asking how many are there.
const LONG: usize = 64 << 10;

/// The header that says how many bytes of a blob are there.
pub const RECEIVED: &str = "sluice-received";

/// Why a member gave no answer that helps.
#[derive(Debug, Error)]
pub enum Unasked {
    /// It refused, with a code and a sentence.
    #[error("{}: {}", Foreign::from(.0.code.as_str()), Foreign::from(.0.message.as_str()))]
    Refused(Box<Told>),
    /// Nobody answered, or something that is no answer.
    #[error("no answer: {}", Foreign::from(.0.as_str()))]
    Silent(String),
    /// Its URL is none, or leads into a private network that was not allowed.
    #[error("its URL is none that may be asked: {0}")]
    Url(Foreign),
    /// The bytes that came are not those of the name.
    #[error("the bytes that came are not those of the name")]
    NotItsHash,
    /// This process cannot sign, or does not know the chain's time yet.
    #[error("the request could not be signed")]
    Unsigned,
}

impl Unasked {
    /// The code of a refusal.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(told) => Some(&told.code),
            _ => None,
        }
    }
}

/// Asks members, in the name of one key.
#[derive(Clone)]
pub struct Caller {
    http: Client,
    key: Arc<dyn Signer + Send + Sync>,
    clock: Arc<ChainClock>,
    /// URLs that lead to this machine or into private networks may be asked.
    is_private_allowed: bool,
}

/// A member of a set, and where it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its key.
    pub key: Address,
    /// Where it is asked. A stranger's text.
    pub url: String,
}

impl Caller {
    /// Asks in the name of `key`. `is_private_allowed`: URLs that lead to this machine or into private networks may be asked.
    ///
    /// # Errors
    /// Where TLS cannot be set up.
    pub fn new(
        key: Arc<dyn Signer + Send + Sync>,
        clock: Arc<ChainClock>,
        is_private_allowed: bool,
    ) -> Result<Self, Unasked> {
        let mut http = Client::builder();
        if !is_private_allowed {
            http = http.dns_resolver(Arc::new(Public));
        }
        let http = http
            .redirect(Policy::none())
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(120))
            // A member has room for some connections of one address: those that are idle keep others out.
            .pool_max_idle_per_host(2)
            .user_agent(concat!("sluice-agent/", env!("CARGO_PKG_VERSION")))
            .no_proxy()
            .build()
            .map_err(|error| Unasked::Silent(error.to_string()))?;
        Ok(Self {
            http,
            key,
            clock,
            is_private_allowed,
        })
    }

    /// What an attester says of itself.
    ///
    /// # Errors
    /// See [`Unasked`].
    pub fn terms(&self, member: &Member) -> Result<Terms, Unasked> {
        let url = self.url(member, "/v1/terms")?;
        read(self.http.get(url).send())
    }

    /// Asks whether the member will check a job's windows.
    ///
    /// # Errors
    /// See [`Unasked`].
    pub fn admit(&self, member: &Member, asked: &Admission) -> Result<Admitted, Unasked> {
        self.post(member, "/v1/jobs", asked)
    }

    /// Asks for a countersignature.
    ///
    /// # Errors
    /// See [`Unasked`].
    pub fn submit(&self, member: &Member, claim: &Submission) -> Result<Countersigned, Unasked> {
        self.post(member, "/v1/windows", claim)
    }

    /// What was claimed of a window, as far as the member knows: its own word, in which nothing is held to the chain.
    ///
    /// # Errors
    /// See [`Unasked`].
    pub fn claims(&self, member: &Member, asked: &OfWindow) -> Result<Vec<Claimed>, Unasked> {
        let told: Claims = self.post(member, "/v1/claims", asked)?;
        Ok(told.claims)
    }

    /// Tells another member what was found false.
    ///
    /// # Errors
    /// See [`Unasked`].
    pub fn tell(&self, member: &Member, finding: &Finding) -> Result<(), Unasked> {
        self.post::<_, serde_json::Value>(member, "/v1/findings", finding)
            .map(drop)
    }

    /// How much of a blob a member has for a job.
    ///
    /// # Errors
    /// See [`Unasked`]. A refusal has no code: an answer to this has no body.
    pub fn here(
        &self,
        member: &Member,
        job: &Address,
        name: &blob::Name,
    ) -> Result<Received, Unasked> {
        let target = format!("/v1/blobs/{}?job={job}", hex::encode(name));
        let answer = self.request(member, Method::HEAD, &target, request::body(b""), vec![])?;
        let answer = answer.map_err(silent)?;
        let (status, received) = (answer.status(), answer.headers().get(RECEIVED));
        let received = received.and_then(|received| received.to_str().ok()?.parse().ok());
        match received {
            Some(received) if status.is_success() || status == StatusCode::NOT_FOUND => {
                Ok(Received {
                    received,
                    whole: status.is_success(),
                })
            }
            _ => Err(Unasked::Silent(format!(
                "HTTP {status}, and not how much is there"
            ))),
        }
    }

    /// Puts a blob for a job, from where an earlier upload ended. Of one that takes long to send it is asked first how much is there.
    ///
    /// # Errors
    /// See [`Unasked`].
    pub fn put(
        &self,
        member: &Member,
        job: &Address,
        name: &blob::Name,
        bytes: &[u8],
    ) -> Result<(), Unasked> {
        // A member that has all of it may answer and close before so many bytes are sent: the answer is lost then.
        let is_long = bytes.len() > LONG;
        let here = is_long.then(|| self.here(member, job, name).ok()).flatten();
        let mut from = match here {
            Some(here) if here.whole => return Ok(()),
            Some(here) => usize::try_from(here.received).unwrap_or(usize::MAX),
            None => 0,
        };
        // A part that is here, a request for another place, and the rest: three answers are enough of an honest member.
        for _ in 0..4 {
            let target = format!(
                "/v1/blobs/{}?job={job}&len={}&from={from}",
                hex::encode(name),
                bytes.len()
            );
            let rest = bytes.get(from..).unwrap_or_default().to_vec();
            let sent = self.send::<Received>(member, Method::PUT, &target, *name, rest);
            match sent {
                Ok(received) if received.whole => return Ok(()),
                Ok(received) => from = usize::try_from(received.received).unwrap_or(usize::MAX),
                Err(Unasked::Refused(told)) if told.code == "offset" => {
                    let place = told.from.as_deref().and_then(|from| from.parse().ok());
                    from = place.ok_or(Unasked::Refused(told))?;
                }
                Err(error) => return Err(error),
            }
        }
        Err(Unasked::Silent(
            "the upload does not come to an end".to_owned(),
        ))
    }

    /// The bytes of a blob of a job, which hash to its name. `node` says as whose worker a job is looked at that is not accepted yet.
    ///
    /// # Errors
    /// See [`Unasked`].
    pub fn get(
        &self,
        member: &Member,
        job: &Address,
        node: Option<&Address>,
        name: &blob::Name,
    ) -> Result<Vec<u8>, Unasked> {
        let of_node = node.map_or_else(String::new, |node| format!("&node={node}"));
        let target = format!("/v1/blobs/{}?job={job}{of_node}", hex::encode(name));
        let answer = self.request(member, Method::GET, &target, request::body(b""), vec![])?;
        let answer = answer.map_err(silent)?;
        if !answer.status().is_success() {
            return read::<()>(Ok(answer)).and(Err(Unasked::NotItsHash));
        }
        let mut bytes = vec![];
        let read = answer.take(MOST).read_to_end(&mut bytes);
        read.map_err(|error| Unasked::Silent(error.to_string()))?;
        if request::body(&bytes) == *name {
            Ok(bytes)
        } else {
            Err(Unasked::NotItsHash)
        }
    }

    fn post<B: Serialize, A: DeserializeOwned>(
        &self,
        member: &Member,
        target: &str,
        body: &B,
    ) -> Result<A, Unasked> {
        let body = serde_json::to_vec(body).map_err(|_| Unasked::Unsigned)?;
        let hash = request::body(&body);
        self.send(member, Method::POST, target, hash, body)
    }

    fn send<A: DeserializeOwned>(
        &self,
        member: &Member,
        method: Method,
        target: &str,
        hash: [u8; 32],
        body: Vec<u8>,
    ) -> Result<A, Unasked> {
        read(self.request(member, method, target, hash, body)?)
    }

    /// Signs and sends; a fresh number every time.
    fn request(
        &self,
        member: &Member,
        method: Method,
        target: &str,
        hash: [u8; 32],
        body: Vec<u8>,
    ) -> Result<reqwest::Result<Response>, Unasked> {
        let url = self.url(member, target)?;
        // What is signed is what travels: the path of a member behind a folder of its host is part of it.
        let sent = url.query().map_or_else(
            || url.path().to_owned(),
            |query| format!("{}?{query}", url.path()),
        );
        let asked = Asked {
            to: &member.key,
            method: method.as_str(),
            target: &sent,
            body: hash,
        };
        let now = self.clock.now().ok_or(Unasked::Unsigned)?;
        let nonce: Nonce = rand::random();
        let signed = asked.sign(self.key.as_ref(), now, nonce);
        let signed = signed.map_err(|_| Unasked::Unsigned)?;
        let mut request = self.http.request(method.clone(), url).body(body);
        if method == Method::POST {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in signed.headers() {
            request = request.header(name, value);
        }
        Ok(request.send())
    }

    /// The member's URL with a target behind it.
    fn url(&self, member: &Member, target: &str) -> Result<Url, Unasked> {
        let wrong = || Unasked::Url(Foreign::from(member.url.as_str()));
        let base = Url::parse(&member.url).map_err(|_| wrong())?;
        let is_http = matches!(base.scheme(), "http" | "https");
        if !is_http || !base.username().is_empty() || base.password().is_some() {
            return Err(wrong());
        }
        let literal = match base.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            // Names are looked up by `Public`.
            Some(Host::Domain(_)) => None,
            None => return Err(wrong()),
        };
        let is_private = literal.is_some_and(|address| !is_public_address(address));
        if is_private && !self.is_private_allowed {
            return Err(wrong());
        }
        let base = member.url.trim_end_matches('/');
        Url::parse(&format!("{base}{target}")).map_err(|_| wrong())
    }
}
/// Without the URL, which is the member's text: the last cause says what happened.
fn silent(error: reqwest::Error) -> Unasked {
    let error = error.without_url();
    let mut last: &dyn error::Error = &error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    Unasked::Silent(last.to_string())
}

/// The answer's body, or its refusal.
fn read<A: DeserializeOwned>(answer: reqwest::Result<Response>) -> Result<A, Unasked> {
    let answer = answer.map_err(silent)?;
    let is_success = answer.status().is_success();
    let status = answer.status();
    let mut body = vec![];
    let read = answer.take(ANSWER).read_to_end(&mut body);
    read.map_err(|error| Unasked::Silent(error.to_string()))?;
    let malformed = || Unasked::Silent(format!("HTTP {status}, and no answer of an attester"));
    if is_success {
        return serde_json::from_slice(&body).map_err(|_| malformed());
    }
    let told: Told = serde_json::from_slice(&body).map_err(|_| malformed())?;
    let cut = |text: &str, most| text.chars().take(most).collect();
    // It is logged and kept whenever it is asked again.
    Err(Unasked::Refused(Box::new(Told {
        code: cut(&told.code, CODE),
        message: cut(&told.message, MESSAGE),
        ..told
    })))
}

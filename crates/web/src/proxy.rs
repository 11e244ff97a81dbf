//! Whom to believe about where a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;

/// What a proxy adds the address to that it was reached from.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The addresses whose word about a request's origin is believed. Usually there is none: whoever
/// connects is who asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(Vec<IpNet>);

/// The text names no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是地址：请写成 10.0.0.5 或 10.0.0.0/24")]
pub struct NoAddress(String);

impl Proxies {
    /// From addresses (`10.0.0.5`) and networks (`10.0.0.0/24`).
    ///
    /// # Errors
    /// One of them is neither.
    pub fn parse(texts: &[String]) -> Result<Self, NoAddress> {
        let parse = |text: &String| {
            let text = text.trim();
            let alone = || text.parse::<IpAddr>().ok().map(IpNet::from);
            let network = text.parse().ok().or_else(alone);
            network.ok_or_else(|| NoAddress(text.to_owned()))
        };
        texts.iter().map(parse).collect::<Result<_, _>>().map(Self)
    }

    fn trust(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Who asks, when `peer` is who connected: read from the right, the first address that no
    /// trusted proxy has. What stands left of it was written by whoever that is.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let lines = headers.get_all(FORWARDED_FOR).iter().rev();
        let hops = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        for hop in hops {
            if !self.trust(client) {
                break;
            }
            let Ok(address) = hop.trim().parse::<IpAddr>() else {
                break;
            };
            client = address.to_canonical();
        }
        client
    }
}

/// Tells the handlers who asks, as the trusted proxies say.
pub async fn tell_client(
    State(proxies): State<Proxies>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    if let Some(ConnectInfo(peer)) = peer.copied() {
        let client = proxies.client(peer.ip(), request.headers());
        let client = SocketAddr::new(client, peer.port());
        request.extensions_mut().insert(ConnectInfo(client));
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &[&str], peer: &str, lines: &[&str]) -> String {
        let texts: Vec<String> = trusted.iter().map(|&text| text.to_owned()).collect();
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        let proxies = Proxies::parse(&texts).unwrap();
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_about_the_address() {
        for (trusted, peer, lines, expected) in [
            (&[][..], "10.0.0.9", &["1.1.1.1"][..], "10.0.0.9"),
            (&["10.0.0.5"], "10.0.0.9", &["1.1.1.1"], "10.0.0.9"),
            (&["10.0.0.5"], "10.0.0.5", &["1.1.1.1"], "1.1.1.1"),
            (&["10.0.0.5"], "10.0.0.5", &[], "10.0.0.5"),
            (&["10.0.0.5"], "10.0.0.5", &["9.9.9.9, 1.1.1.1"], "1.1.1.1"),
            (
                &["10.0.0.5"],
                "10.0.0.5",
                &["9.9.9.9", "1.1.1.1"],
                "1.1.1.1",
            ),
            (
                &["10.0.0.0/24"],
                "10.0.0.5",
                &["9.9.9.9, 1.1.1.1, 10.0.0.6"],
                "1.1.1.1",
            ),
            (&["10.0.0.5"], "10.0.0.5", &["x' OR 1=1"], "10.0.0.5"),
            (&["10.0.0.5"], "10.0.0.5", &["1.1.1.1, "], "10.0.0.5"),
            (&["::1"], "::1", &["2001:db8::7"], "2001:db8::7"),
            (&["127.0.0.1"], "::ffff:127.0.0.1", &["1.1.1.1"], "1.1.1.1"),
        ] {
            assert_eq!(
                client(trusted, peer, lines),
                expected,
                "{trusted:?} {lines:?}"
            );
        }
    }

    #[test]
    fn what_is_no_address_is_named() {
        let refused = Proxies::parse(&["10.0.0.5".to_owned(), "proxy".to_owned()]);
        assert_eq!(refused, Err(NoAddress("proxy".to_owned())));
    }
}

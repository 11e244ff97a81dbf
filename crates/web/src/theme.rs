//! Light or dark, as the person has chosen or as the machine is set. Kept in a cookie, so that it
//! needs no script and holds before anybody is logged in.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

const COOKIE_NAME: &str = "jixiao_theme";

/// How long a browser keeps the choice: a year.
const KEPT_SECONDS: u32 = 365 * 24 * 60 * 60;

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the machine is set.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every theme, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::System];

    /// Its name in forms and in the cookie.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Its word on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::System => "跟随系统",
            Self::Light => "浅色",
            Self::Dark => "深色",
        }
    }

    /// The theme of this name; none where there is no such theme.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }

    /// What a request's cookies choose.
    pub fn of(headers: &HeaderMap) -> Self {
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|cookies| cookies.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .find(|(name, _)| *name == COOKIE_NAME)
            .and_then(|(_, name)| Self::find(name))
            .unwrap_or_default()
    }

    /// Which screens the dark style sheet is for; none where it is not needed. Paper is light.
    pub fn dark_media(self) -> Option<&'static str> {
        match self {
            Self::System => Some("screen and (prefers-color-scheme: dark)"),
            Self::Light => None,
            Self::Dark => Some("screen"),
        }
    }

    /// The schemes that the browser's own parts may have.
    pub fn schemes(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The cookie that keeps the choice.
    ///
    /// # Errors
    /// Never: the names are plain.
    pub fn cookie(self) -> Result<HeaderValue, crate::Error> {
        let name = self.name();
        let cookie =
            format!("{COOKIE_NAME}={name}; Path=/; HttpOnly; SameSite=Lax; Max-Age={KEPT_SECONDS}");
        Ok(HeaderValue::from_str(&cookie)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_brings_its_choice_back_and_nothing_else_counts() {
        for (cookie, theme) in [
            ("a=1; jixiao_theme=dark", Theme::Dark),
            ("jixiao_theme=light; b=2", Theme::Light),
            ("jixiao_theme=\"><script>", Theme::System),
            ("", Theme::System),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_str(cookie).unwrap());
            assert_eq!(Theme::of(&headers), theme, "{cookie}");
        }
        let kept = Theme::Dark.cookie().unwrap();
        assert!(kept.to_str().unwrap().starts_with("jixiao_theme=dark; "));
    }
}

// htmx for partial updates. Its settings stand in the page's `htmx-config`.
import htmx from "htmx.org";

// A session that has ended answers with the login page: show it whole, not inside a part.
document.addEventListener("htmx:after:request", (event) => {
  const response = (event as CustomEvent).detail?.ctx?.response;
  if (response && response.headers?.get("jixiao-login")) {
    window.location.reload();
  }
});

export default htmx;

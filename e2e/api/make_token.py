"""Logs in as a person does, makes an API token on the page, and prints it.

usage: make_token.py URL LOGIN   (the password is read from standard input)
"""

import re
import sys

import requests


def form_token(page: str) -> str:
    """The hidden field that a form of the site sends back."""
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    if found is None:
        sys.exit("the page has no form: " + page[:200])
    return found.group(1)


def main() -> None:
    url, login = sys.argv[1], sys.argv[2]
    password = sys.stdin.readline().strip()
    browser = requests.Session()
    entered = browser.post(
        f"{url}/login",
        data={"name": login, "password": password, "next": "/api-tokens"},
        timeout=60,
    )
    entered.raise_for_status()
    fields = {
        "form_token": form_token(entered.text),
        "name": "接口检查",
        "days": "7",
        "proof": password,
    }
    made = browser.post(f"{url}/api-tokens", data=fields, timeout=60)
    made.raise_for_status()
    token = re.search(r'value="(jx_[0-9a-f]+)"', made.text)
    if token is None:
        sys.exit("the page shows no token")
    print(token.group(1))


main()

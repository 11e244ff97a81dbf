mod password;
mod privileged;
mod standing;

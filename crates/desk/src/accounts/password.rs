//! Hashing passwords.

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

use super::{AccountError, LONGEST_PASSWORD, SHORTEST_PASSWORD};

/// Memory of one hashing in KiB, passes over it, lanes: the second of the two settings that RFC 9106 recommends for all machines is 64 MiB, 3, 4;
/// on a desk whose machine reads reports meanwhile this is OWASP's first choice (46 MiB, 1, 1) with one pass more.
const COST: (u32, u32, u32) = (46 << 10, 2, 1);

fn hasher() -> Result<Argon2<'static>, AccountError> {
    let (memory, passes, lanes) = if cfg!(test) { (64, 1, 1) } else { COST };
    let params = Params::new(memory, passes, lanes, None).map_err(|error| AccountError::Secret(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a new password, as a PHC string.
pub(super) fn hash(password: &str) -> Result<String, AccountError> {
    if password.chars().count() < SHORTEST_PASSWORD || password.len() > LONGEST_PASSWORD {
        return Err(AccountError::Password);
    }
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| AccountError::Secret(error.to_string()))?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| AccountError::Secret(error.to_string()))?;
    let hash = hasher()?.hash_password(password.as_bytes(), &salt).map_err(|error| AccountError::Secret(error.to_string()))?;
    Ok(hash.to_string())
}

/// Whether a password is the one of this hash. Without a hash the same work is done for nothing, so that the time does not tell whether
/// an account is there.
pub(super) fn matches(password: &str, hash: Option<&str>) -> bool {
    if password.len() > LONGEST_PASSWORD {
        return false;
    }
    let Some(hash) = hash else {
        // Long enough to be hashed whatever it is.
        let _ = self::hash(&format!("{:.512}{}", password, "x".repeat(SHORTEST_PASSWORD)));
        return false;
    };
    // Parameters are those of the hash, so that older ones stay good when ours change.
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_matches_and_hashes_differ() {
        let (one, two) = (hash("correct horse battery").unwrap(), hash("correct horse battery").unwrap());
        assert_ne!(one, two);
        assert!(one.starts_with("$argon2id$v=19$"), "{one}");
        assert!(matches("correct horse battery", Some(&one)) && matches("correct horse battery", Some(&two)));
        assert!(!matches("correct horse batterz", Some(&one)));
        assert!(!matches("", Some(&one)));
        assert!(!matches("correct horse battery", None));
        assert!(!matches("correct horse battery", Some("no hash")));
    }

    #[test]
    fn err_too_short_or_too_long() {
        assert!(matches!(hash("eleven char"), Err(AccountError::Password)));
        assert!(hash("zwölf Zeiche").is_ok());
        assert!(matches!(hash(&"x".repeat(LONGEST_PASSWORD + 1)), Err(AccountError::Password)));
        assert!(!matches(&"x".repeat(LONGEST_PASSWORD + 1), None));
    }
}

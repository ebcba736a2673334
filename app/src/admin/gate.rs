//! Who asks, for the server functions of these pages. Each begins with one of the three.

use crate::{error::AppError, ssr};
use keepwell_services::{AdminActor, AuditActor, SupportActor};

/// An administrator.
///
/// # Errors
/// [`crate::ErrorCode::NotFound`] for everybody else, as for a function that does not exist.
pub fn admin() -> Result<AdminActor, AppError> {
    Ok(ssr::services()?.as_admin(&ssr::person()?)?)
}

/// A supporter or an administrator.
///
/// # Errors
/// As [`admin`].
pub fn support() -> Result<SupportActor, AppError> {
    Ok(ssr::services()?.as_support(&ssr::person()?)?)
}

/// An auditor or an administrator.
///
/// # Errors
/// As [`admin`].
pub fn auditor() -> Result<AuditActor, AppError> {
    Ok(ssr::services()?.as_auditor(&ssr::person()?)?)
}

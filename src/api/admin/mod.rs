//! What those who run the instance may do by program: as a signed-in person, never with an access token. To everybody
//! else each of these routes answers as what is not there.

pub mod grants;
pub mod people;

//! Which fields a form may send: the arguments of its server function, and no other. The framework
//! itself passes over what it does not know.

use crate::{
    account, admin, ask, documents, factors, markers, notices, overview, profiles, records, settings, sights,
    tokens,
};
use leptos::server_fn::ServerFn;
use serde::{
    de::{Deserialize, Deserializer, Error, Visitor, value},
    forward_to_deserialize_any,
};
use std::{collections::HashMap, sync::LazyLock};

/// Names of fields.
type Names = &'static [&'static str];

macro_rules! known {
    ($($module:path { $($name:ident),* }),* $(,)?) => {
        static KNOWN: LazyLock<HashMap<&'static str, Names>> = LazyLock::new(|| {
            HashMap::from([$($({
                use $module as at;
                (<at::$name as ServerFn>::PATH, names_of::<at::$name>())
            }),*),*])
        });
    };
}

// A form that is missing here fails a test.
known! {
    account::api {
        SignUp, SignIn, SignOut, ForgotPassword, ResetPassword, VerifyAccount, ConfirmEmail, StopEmailChange
    },
    settings::api {
        ChangePassword, ChangeEmail, EndSession, EndOtherSessions, ChooseLang, ChooseTheme, RemoveDemo, DeleteAccount
    },
    factors::api {
        FinishSignIn, PasskeySignIn, ProveSelf, BeginApp, ConfirmApp, RemoveApp, MakeRecoveryCodes, AddPasskey,
        RenamePasskey, RemovePasskey
    },
    overview { AddDemo },
    markers::api { SetFavourite },
    profiles::api { SwitchProfile, CreateProfile, ChangeProfile, DeleteProfile },
    records::api { AddRecord, EditRecord, DeleteRecord },
    documents::api { AnswerQuestions, ReadAgain, DecideRow, AcceptLikely, UndoImport, PasteText },
    admin::dashboard::api { RetryJob, DiscardJob },
    admin::log::api { FindInLog },
    admin::conf::api { ChangeSetting, ResetSetting, CreateInvite, RevokeInvite, SendTestLetter },
    admin::people::api { FindPerson, ActOnPerson, AskForSight },
    admin::grants::api { ApproveSight, EndSight },
    notices::api { DismissNotice, KeepAccount },
    sights::api { EndMySight },
    tokens::api { CreateToken, RevokeToken, RevokeAllTokens },
    ask::api {
        AskQuestion, AskAgain, GiveConsent, RenameConversation, DeleteConversation, DeleteConversations, SetOwnProvider,
        RemoveOwnProvider, RevokeConsent
    },
}

/// The fields of the form whose server function has this path; `None` for what no form calls.
#[must_use]
pub fn of_path(path: &str) -> Option<Names> {
    KNOWN.get(path).copied()
}

/// Whether all that was sent are fields of the form; `a[b]` is one of the field `a`.
#[must_use]
pub fn all_known<'a>(path: &str, mut sent: impl Iterator<Item = &'a str>) -> bool {
    let of = |key: &'a str| key.split('[').next().unwrap_or(key);
    of_path(path).is_none_or(|fields| sent.all(|key| fields.contains(&of(key))))
}

/// The names that a type tells whoever wants to fill it.
fn names_of<T: for<'de> Deserialize<'de>>() -> Names {
    let mut names: Names = &[];
    // It ends with an error, after it has said them.
    let _ = T::deserialize(Asked(&mut names));
    names
}

struct Asked<'a>(&'a mut Names);

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, value::Error> {
        Err(value::Error::custom("only asked"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: Names,
        visitor: V,
    ) -> Result<V::Value, value::Error> {
        *self.0 = fields;
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ssr::{FN_PREFIX, FORM_PAGES};

    #[test]
    fn every_form_of_every_page_says_its_fields() {
        for form in FORM_PAGES.iter().flat_map(|(_, forms)| *forms) {
            assert!(of_path(&format!("{FN_PREFIX}/{form}")).is_some(), "{form} has no line in KNOWN");
        }
        assert_eq!(of_path("/fn/sign_in"), Some(["email", "password", "keep", "next"].as_slice()));
        assert_eq!(of_path("/fn/sign_out"), Some([].as_slice()));
    }

    #[test]
    fn what_is_no_field_is_told_from_the_parts_of_one() {
        let known = |keys: &[&str]| all_known("/fn/answer_questions", keys.iter().copied());
        assert!(known(&["document", "answers[day_first]"]));
        assert!(!known(&["document", "owner"]));
        assert!(!known(&["document[", "answers]"]) || !known(&["answers]"]));
    }
}

//! The table of texts: one field per text, so that a language without it does not compile.

macro_rules! texts {
    ($($name:ident)+) => {
        /// All texts of one language, by what they are for.
        #[allow(missing_docs)]
        pub struct Texts { $(pub $name: &'static str,)+ }

        #[cfg(all(feature = "hydrate", feature = "split"))]
        impl Texts {
            /// Before any were loaded.
            pub(super) const NONE: Self = Self { $($name: "",)+ };
        }

        /// Name and both texts, for comparing two languages.
        #[cfg(test)]
        pub fn pairs(a: &Texts, b: &Texts) -> Vec<(&'static str, &'static str, &'static str)> {
            vec![$((stringify!($name), a.$name, b.$name)),+]
        }
    };
}

texts! {
    abnormal about about_licence about_not_doctor about_person about_text about_typeface about_what
    access_log access_log_open access_log_text account account_page account_page_text active add add_text
    ask all_groups all_records all_within answer answer_import answer_keep attention bring_files cancel
    change_email change_email_text change_password change_password_text changed clear code code_hint codes
    column_none completed confirm confirm_do confirm_text converted current_password date date_hint
    day_first delete delete_account delete_account_text delete_record delete_record_text demo_add demo_is_on
    demo_person demo_remove demo_text documents documents_empty documents_empty_text documents_text
    done_confirmed done_email done_password done_reset done_sent done_stopped dosage dose_number down
    download drop_formats drop_here due due_since due_usual edit email email_confirmed email_unconfirmed
    email_unconfirmed_text end_others end_session error_conflict error_forbidden error_full error_internal
    error_invalid error_network error_not_found error_sign_in error_unavailable export export_do export_text
    failed favourite favourite_add favourite_remove favourites field_category field_class field_conclusion
    field_criticality field_flag field_lot field_method field_performer field_place field_reason
    field_results field_route field_site field_source field_specimen field_text field_verification
    file_inside_many file_inside_one find forgot forgot_do forgot_link forgot_text from from_records go_on
    group sign_up_closed invite invite_hint have_account high history home_bring home_bring_text home_leave home_leave_text home_safe
    home_safe_text home_see home_see_text home_text home_title inactive inside journal journal_text keep kind_allergy
    kind_condition kind_encounter kind_immunization kind_medication kind_note kind_observation
    kind_procedure kind_report kinds language last_seen licence loading look low marker_many marker_name
    marker_one markers markers_empty markers_empty_text markers_text month_first more name needs_answer
    network new_email new_password newest newest_result no_account no_date not_found not_found_text not_read
    note nothing_matches older one_allergy one_condition one_immunization one_medication one_note
    one_observation one_procedure open original out_of_range overview overview_text part_of_archive password
    password_hint paste paste_empty paste_keep paste_name paste_text pasted_name percent pick_camera
    pick_files pick_folder places privacy profile question_columns question_columns_missing
    question_day_first question_other question_person question_person_here question_person_others
    question_subject range range_high range_low reaction read_again read_from_it receipt_account
    receipt_demo receipt_documents receipt_import receipt_journals receipt_kept receipt_record receipt_records receipt_series
    receipt_text record_many record_one records_next records_previous report_weakness request reset reset_do reset_text resolved
    review_accept review_all_many review_all_one review_all_text review_back review_do review_empty
    review_here review_is_test review_keys review_leave review_left_out review_line review_next review_page
    review_person review_previous review_printed review_rows_many review_rows_one review_sure_incomplete
    review_sure_likely review_sure_unsure review_test review_there review_to_document same sample_many
    sample_one save security see_trend sent sent_hint sent_reset sent_signup sent_text sessions
    sessions_text settings settings_text show sign_in sign_in_text sign_out sign_up sign_up_text
    signed_in_since since skip sources sources_n state_done state_failed state_queued state_reading
    state_review stated status stop stop_do stop_text stopped substance suggest suggested suggested_text
    terms theme theme_auto theme_dark theme_light this_computer this_device time timeline timeline_empty
    timeline_empty_text timeline_text title to to_overview too_many too_many_at too_many_text trust
    try_again type_in typed_in typeface undo undo_text unit unknown_device until up upload upload_broken
    upload_cancelled upload_done upload_failed upload_known upload_waiting usual_unit vaccine value verify
    verify_do verify_text wait_second wait_seconds warnings welcome welcome_text what_was_read
    profiles profiles_text profiles_manage profile_new profile_create profile_in_use profile_use
    profile_use_named profile_choose profile_edit profile_edit_named profile_delete profile_delete_named
    profile_delete_text profile_delete_counts profile_last relation relation_self relation_child
    relation_parent relation_partner relation_other now_showing now_showing_text switched switched_text
    switched_back switched_go receipt_profile tokens tokens_text tokens_empty tokens_manage token_new
    token_create token_name_hint token_scopes scope_records_read scope_records_write scope_documents_read
    scope_documents_write scope_export scope_audit_read scope_ask token_profile token_all token_all_short token_days
    token_days_n token_made token_made_text token_expires token_expired token_used token_unused token_revoke
    token_revoke_named token_revoke_all token_none_chosen export_this export_every
    second_step second_step_text second_step_do second_step_again second_code second_code_hint
    second_code_hint_app second_code_hint_recovery done_late passkey_use passkey_sign_in
    passkey_no_script passkey_elsewhere passkey_cancelled passkey_failed prove prove_text prove_first
    error_proof error_enrol factors_text factors_card_text factors_manage factors_on factors_off
    factors_needed factor_changed_title factor_changed app app_text app_add app_since app_remove app_scan
    app_qr app_secret app_open app_code app_confirm passkeys passkeys_text passkeys_impossible
    passkey_add passkey_name_hint passkey_added passkey_remove passkey_remove_named codes_recovery
    codes_recovery_text codes_left_one codes_left codes_new codes_made codes_made_text codes_download
    run_instance run_instance_text run_instance_do notices sights
}

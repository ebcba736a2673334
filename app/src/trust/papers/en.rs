//! English.

use super::Section;

pub const PRIVACY: &[Section] = &[
    (
        "Who is responsible",
        &[
            "Keepwell is a program. Whoever runs this instance decides who may use it, where its machine stands, and who else can reach that machine. For questions about your data, turn to that person first.",
        ],
    ),
    (
        "What is kept",
        &[
            "Your e-mail address, a hash of your password, and what you bring: files as they came, and the records that were read from them. Your questions and their answers, sealed like your records, until you delete them. While you are signed in, the device and address of each of your sessions.",
            "A log of what was done with your data: what, when, by whom, from which device and address. You can read your own under Settings.",
            "To limit attempts, a keyed hash of the network address of whoever calls, for about a minute.",
            "Numbers over everybody: how many accounts there are and how many were in use on a day, sign-ins, errors, letters, files by broad kind, sizes. No number names anybody.",
            "If whoever runs this instance has switched it on: how often each feature was used on a day. Such a count holds a day, a feature and a number, and nothing else: no person, no session, no address, no path. It goes nowhere else. A browser that sends “Do Not Track” or “Global Privacy Control” is not counted.",
        ],
    ),
    (
        "How it is kept",
        &[
            "Health data, files, names, notes, addresses and the detail of the log are sealed with AES-256 under a key of your own, before they are written. What must stay readable for the database to work (ids, times, counts, rounded sizes) is listed in the documentation.",
        ],
    ),
    (
        "For how long",
        &[
            "Until you delete it. Deleting a record, an import, a profile or the account takes effect at once: for profiles and accounts the key is destroyed first. Entries of the log stay, because a log that can lose entries proves nothing, but what in them is about you can no longer be opened by anyone.",
            "Sessions end by themselves after an hour without use or a day in all, unless you choose to stay signed in; then after 30 days.",
        ],
    ),
    (
        "Who receives it",
        &[
            "Nobody, unless you say so. No page loads anything from another host, and this server sends nothing about you to others by itself. Where a mail server is set up, messages about your account (never health data) go through it.",
            "Questions under “Ask” are answered on this server. Only where a provider of a language model is set up and you agreed to just it, after seeing the real first request, does a question go there, with the values that it looks up to answer. Names, addresses and numbers that identify you are replaced before; values and dates are not, and may be enough for somebody who knows them. You can keep single questions here, and take the consent back at any time, under Settings, Asking.",
            "Those who run this instance have no standing right to read your health data. One of them can ask for a sight of named kinds of your records, for minutes, with a reason; you are told at once, see each item that is looked at while it is looked at, and can end it.",
        ],
    ),
    (
        "Cookies and storage",
        &[
            "One cookie for your session; one, for ten minutes, between the password and the second step; one that tells a device on which you signed in before from a strange one, so that nobody's guessing locks you out there; and one each for language and colours if you choose them. No others, and nothing to follow you around. Your browser also keeps the last head of your access log, to check it against the next, and which of your uploads broke off.",
            "The fertility journal lives in your browser: what you write there is sealed in the browser's own database, works without a network and an account, and nothing of it is sent to this server. If you turn on keeping it on several devices, your devices send it sealed; this server has no key to it, and deletes its copy when you turn that off or delete your account.",
        ],
    ),
    (
        "Your rights",
        &[
            "See everything: in the pages, and under Settings in the access log. Take everything: Settings, Export, as one ZIP in open formats. Correct it: each record can be edited, and keeps its history. Delete it: Settings, Delete account. None of this needs anybody's permission.",
        ],
    ),
];

pub const TERMS: &[Section] = &[
    (
        "What Keepwell is",
        &[
            "A place to keep and read your own health records. It is not a medical device, gives no medical advice and does not replace a conversation with a doctor. In an emergency, call the emergency number of your country.",
            "It shows what your files say. Files can be wrong, and reading them can go wrong: beside every number stands where it came from. Look there before anything important is decided.",
        ],
    ),
    (
        "What is expected of you",
        &[
            "Bring only records that are yours, or of people who let you look after them. Keep your password to yourself. Do not try to reach other people's data, except within the rules under “Report a weakness”.",
        ],
    ),
    (
        "What you may expect",
        &[
            "The promises on the security page, tried every hour, and the truth there when one does not hold. Your data leaves with you at any time, in open formats.",
            "Whoever runs this instance may end its service. They should tell you early enough to export your data.",
        ],
    ),
    (
        "Licence and warranty",
        &[
            "Keepwell is free software under the GNU Affero General Public License, version 3 or later. It comes without warranty, as far as the law allows; see the licence for the exact words.",
        ],
    ),
];

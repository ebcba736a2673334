//! The sentences about other devices and other people.

use super::{Lang, Row, find, texts::texts};

impl Lang {
    /// Its texts about synchronising.
    #[must_use]
    pub const fn sync(self) -> &'static Texts {
        of(self)
    }
}

/// What was seen, for the code of an alarm.
#[must_use]
pub fn alarm(lang: Lang, code: &str) -> &'static str {
    find(ALARMS, code).map_or(lang.sync().alarm_other, |row| lang.pick(row))
}

const ALARMS: &[Row] = &[
    (
        "rolled_back",
        "The server shows an older state of your journal than this device has already seen.",
        "Der Server zeigt einen älteren Stand Ihres Journals, als dieses Gerät schon gesehen hat.",
    ),
    (
        "forked",
        "There are two different histories where there can be only one.",
        "Es gibt zwei verschiedene Verläufe, wo es nur einen geben kann.",
    ),
    ("dropped", "Something in between is missing on the server.", "Auf dem Server fehlt etwas dazwischen."),
    (
        "withheld",
        "Another device has seen something that the server does not show to this one.",
        "Ein anderes Gerät hat etwas gesehen, das der Server diesem nicht zeigt.",
    ),
    (
        "reordered",
        "What your devices wrote comes in another order than it was written in.",
        "Was Ihre Geräte geschrieben haben, kommt in anderer Reihenfolge an.",
    ),
    (
        "swapped",
        "One piece of the journal stands in the place of another.",
        "Ein Stück des Journals steht an der Stelle eines anderen.",
    ),
    (
        "altered",
        "A piece of the journal was changed on the server.",
        "Ein Stück des Journals wurde auf dem Server verändert.",
    ),
    (
        "foreign_vault",
        "What the server shows belongs to another journal.",
        "Was der Server zeigt, gehört zu einem anderen Journal.",
    ),
    (
        "wrong_epoch",
        "A piece of the journal is sealed with a key that was not in force.",
        "Ein Stück des Journals ist mit einem Schlüssel versiegelt, der nicht galt.",
    ),
    (
        "downgraded",
        "The server shows something in a form that this version does not accept.",
        "Der Server zeigt etwas in einer Form, die diese Fassung nicht annimmt.",
    ),
    (
        "unknown_device",
        "Something was signed by a device that was never in your journal.",
        "Etwas ist von einem Gerät unterschrieben, das nie in Ihrem Journal war.",
    ),
    (
        "removed_device",
        "Something was signed by a device after it was removed.",
        "Etwas ist von einem Gerät unterschrieben, nachdem es entfernt worden war.",
    ),
    (
        "not_a_writer",
        "Something was written by somebody who may only read.",
        "Etwas wurde von jemandem geschrieben, der nur lesen darf.",
    ),
    ("bad_signature", "A signature is not right.", "Eine Unterschrift stimmt nicht."),
    (
        "replayed",
        "The server shows the same thing a second time.",
        "Der Server zeigt dasselbe ein zweites Mal.",
    ),
    (
        "truncated",
        "What the server shows is cut short or cannot be read.",
        "Was der Server zeigt, ist abgeschnitten oder nicht lesbar.",
    ),
    (
        "too_large",
        "What the server shows is larger than it can be.",
        "Was der Server zeigt, ist größer, als es sein kann.",
    ),
    (
        "bad_statement",
        "The list of devices or the key was changed by somebody who may not do so.",
        "Die Liste der Geräte oder der Schlüssel wurde von jemandem geändert, der das nicht darf.",
    ),
    (
        "view_went_back",
        "A device says that it has seen less than before.",
        "Ein Gerät sagt, es habe weniger gesehen als zuvor.",
    ),
    (
        "own_chain",
        "Something was signed with the keys of this device, but not by it. Perhaps this browser's data was copied, or went back to an old copy.",
        "Etwas ist mit den Schlüsseln dieses Geräts unterschrieben, aber nicht von ihm. Vielleicht wurden die Daten dieses Browsers kopiert oder auf einen alten Stand zurückgesetzt.",
    ),
    (
        "locked_out",
        "The key that is meant for this device does not open.",
        "Der Schlüssel, der für dieses Gerät bestimmt ist, öffnet nicht.",
    ),
    (
        "other_key",
        "The key is another than the one your devices signed for.",
        "Der Schlüssel ist ein anderer als der, für den Ihre Geräte unterschrieben haben.",
    ),
    (
        "bad_snapshot",
        "The parts of a summary do not belong together.",
        "Die Teile einer Zusammenfassung gehören nicht zusammen.",
    ),
];

texts! {
    // Off
    off: "This journal lives on this device only.", "Dieses Journal lebt nur auf diesem Gerät.";
    off_file: "Entries also travel to another device in a backup file: save it here, take it in there.", "Einträge kommen auch in einer Sicherungsdatei auf ein anderes Gerät: hier speichern, dort aufnehmen.";
    off_offer: "You can keep the same journal on several devices, with a copy on this server that nobody there can read.", "Sie können dasselbe Journal auf mehreren Geräten führen, mit einer Kopie auf diesem Server, die dort niemand lesen kann.";
    on_act: "Keep it on several devices", "Auf mehreren Geräten führen";
    about_1: "What you write is kept in this browser, sealed with your passphrase, and on your other devices.", "Was Sie schreiben, liegt in diesem Browser, versiegelt mit Ihrer Passphrase, und auf Ihren anderen Geräten.";
    about_2: "Between them it goes over this server, sealed on your devices: what it says, nobody there can read.", "Dazwischen geht es über diesen Server, auf Ihren Geräten versiegelt: Was es sagt, kann dort niemand lesen.";
    // Turning on
    on_title: "Keep it on several devices", "Auf mehreren Geräten führen";
    on_context: "Nothing is sent before the last step.", "Vor dem letzten Schritt wird nichts gesendet.";
    goes: "What goes to the server", "Was an den Server geht";
    goes_1: "Your entries, each change sealed on this device first. The keys stay on your devices.", "Ihre Einträge, jede Änderung zuvor auf diesem Gerät versiegelt. Die Schlüssel bleiben auf Ihren Geräten.";
    goes_2: "The public keys of your devices, and who of them may write.", "Die öffentlichen Schlüssel Ihrer Geräte und wer von ihnen schreiben darf.";
    learns: "What the server learns", "Was der Server erfährt";
    learns_1: "That your account has a journal, how many devices are in it, and when they ask.", "Dass Ihr Konto ein Journal hat, wie viele Geräte darin sind und wann sie anfragen.";
    learns_2: "How many sealed pieces there are, and their size in six rough steps.", "Wie viele versiegelte Stücke es gibt und ihre Größe in sechs groben Stufen.";
    learns_not: "What it cannot learn", "Was er nicht erfahren kann";
    learns_3: "What you write, what kind of entry it is, for which day, how many entries there are, and what your devices are called.", "Was Sie schreiben, welche Art von Eintrag es ist, für welchen Tag, wie viele Einträge es sind und wie Ihre Geräte heißen.";
    learns_4: "If somebody there drops, changes or turns back something, your devices notice and tell you.", "Wenn dort jemand etwas weglässt, ändert oder zurückdreht, merken es Ihre Geräte und sagen es Ihnen.";
    needs: "It needs an account on this server, and 24 words that you write down.", "Es braucht ein Konto auf diesem Server und 24 Wörter, die Sie aufschreiben.";
    go_on: "Go on", "Weiter";
    // The account
    account_look: "Looking who is signed in…", "Es wird nachgesehen, wer angemeldet ist…";
    account_none: "Nobody is signed in to this server in this browser.", "In diesem Browser ist niemand auf diesem Server angemeldet.";
    account_how: "Sign in, or make an account, in the new tab. Then come back here and go on.", "Melden Sie sich im neuen Tab an oder legen Sie ein Konto an. Kommen Sie dann hierher zurück und gehen Sie weiter.";
    account_in: "Sign in (new tab)", "Anmelden (neuer Tab)";
    account_new: "Make an account (new tab)", "Konto anlegen (neuer Tab)";
    account_again: "I am signed in", "Ich bin angemeldet";
    account_as: "Signed in as {n}.", "Angemeldet als {n}.";
    no_server: "The server did not answer. Nothing was changed. Please try again later.", "Der Server hat nicht geantwortet. Es wurde nichts geändert. Bitte versuchen Sie es später noch einmal.";
    refused: "The server did not do that. Nothing was changed.", "Der Server hat das nicht getan. Es wurde nichts geändert.";
    try_again: "Try again", "Noch einmal versuchen";
    // The phrase
    phrase: "Your recovery phrase", "Ihre Wiederherstellungswörter";
    phrase_1: "These 24 words open the journal when a device or the passphrase is lost. Nobody can give them to you again.", "Diese 24 Wörter öffnen das Journal, wenn ein Gerät oder die Passphrase verloren geht. Niemand kann sie Ihnen noch einmal geben.";
    phrase_2: "Write them on paper, in this order, and keep the paper where only you can reach it. Please make no photograph of it.", "Schreiben Sie sie auf Papier, in dieser Reihenfolge, und bewahren Sie es auf, wo nur Sie hinkommen. Bitte machen Sie kein Foto davon.";
    phrase_done: "I have written them down", "Ich habe sie aufgeschrieben";
    confirm: "Some of the words once more", "Einige der Wörter noch einmal";
    confirm_about: "So that it is sure they are on your paper.", "Damit sicher ist, dass sie auf Ihrem Papier stehen.";
    word_n: "Word {n}", "Wort {n}";
    confirm_wrong: "At least one of these is another word. Please look at your paper again.", "Mindestens eines davon ist ein anderes Wort. Bitte sehen Sie noch einmal auf Ihr Papier.";
    phrase_show: "Show the words again", "Die Wörter noch einmal zeigen";
    phrase_when: "Is the paper with the 24 words lost, or has somebody seen it? Then new words take their place.", "Ist das Papier mit den 24 Wörtern verloren, oder hat es jemand gesehen? Dann treten neue Wörter an ihre Stelle.";
    new_phrase: "A new recovery phrase", "Neue Wiederherstellungswörter";
    new_phrase_about: "The old words open nothing any more once this is done, on your other devices as soon as they have synchronised. What somebody copied with the old words before stays readable for them.", "Die alten Wörter öffnen danach nichts mehr, auf Ihren anderen Geräten, sobald diese synchronisiert haben. Was jemand vorher mit den alten Wörtern kopiert hat, bleibt für ihn lesbar.";
    phrase_passphrase: "So that nobody else can make new words on a device that was left open.", "Damit niemand sonst auf einem offen gelassenen Gerät neue Wörter erzeugt.";
    replace_phrase: "Put the new words in place", "Die neuen Wörter einsetzen";
    phrase_replaced: "The new words are in place. You can destroy the old paper.", "Die neuen Wörter gelten. Sie können das alte Papier vernichten.";
    phrase_unsure: "The server did not confirm it. Please keep both papers, the old and the new, and try again later.", "Der Server hat es nicht bestätigt. Bitte behalten Sie beide Papiere, das alte und das neue, und versuchen Sie es später noch einmal.";
    device_name: "Name of this device", "Name dieses Geräts";
    device_name_hint: "So that you recognise it in the list. It is sealed like everything else.", "Damit Sie es in der Liste erkennen. Er wird versiegelt wie alles andere.";
    this_browser: "This browser", "Dieser Browser";
    own_passphrase: "Your passphrase", "Ihre Passphrase";
    own_passphrase_hint: "The journal gets new keys, since the old ones were on a server before. Passkeys are added again afterwards.", "Das Journal bekommt neue Schlüssel, weil die alten schon auf einem Server waren. Passkeys werden danach neu hinzugefügt.";
    turn_on: "Turn on", "Einschalten";
    turning_on: "Making the keys…", "Die Schlüssel werden erzeugt…";
    // How it stands
    state: "State", "Stand";
    up_to_date: "Up to date", "Auf dem neuesten Stand";
    last_at: "Last: {n}.", "Zuletzt: {n}.";
    working: "Synchronising…", "Wird abgeglichen…";
    one_waits: "{n} change waits", "{n} Änderung wartet";
    some_wait: "{n} changes wait", "{n} Änderungen warten";
    offline: "Offline", "Offline";
    offline_about: "There is no network. What you write stays here and is sent when it is back.", "Es gibt kein Netz. Was Sie schreiben, bleibt hier und wird gesendet, wenn es wieder da ist.";
    unreachable: "Server not reached", "Server nicht erreicht";
    unreachable_about: "It is tried again by itself. What you write stays here until then.", "Es wird von selbst wieder versucht. Was Sie schreiben, bleibt bis dahin hier.";
    signed_out: "Signed out", "Abgemeldet";
    signed_out_about: "You are not signed in to this server any more. Sign in and it goes on; what you write stays here until then.", "Sie sind auf diesem Server nicht mehr angemeldet. Melden Sie sich an, dann geht es weiter; was Sie schreiben, bleibt bis dahin hier.";
    full: "No room on the server", "Kein Platz auf dem Server";
    full_about: "The space of your account is used up. What you write stays here. Whoever runs this server can give more.", "Der Platz Ihres Kontos ist belegt. Was Sie schreiben, bleibt hier. Wer diesen Server betreibt, kann mehr geben.";
    no_room: "No room on this device", "Kein Platz auf diesem Gerät";
    no_room_about: "What came from your other devices could not be kept here. Nothing is lost: it comes again once you have made room on this device.", "Was von Ihren anderen Geräten kam, ließ sich hier nicht behalten. Es ist nichts verloren: Es kommt noch einmal, sobald Sie auf diesem Gerät Platz geschaffen haben.";
    stopped: "Stopped", "Angehalten";
    sync_now: "Synchronise now", "Jetzt abgleichen";
    // Stopped
    alarm_title: "Synchronising has stopped", "Der Abgleich ist angehalten";
    alarm_other: "The server shows something that an honest server never shows.", "Der Server zeigt etwas, das ein ehrlicher Server nie zeigt.";
    alarm_kept: "Nothing of it was taken over. The journal on this device is whole, and you can go on writing in it.", "Nichts davon wurde übernommen. Das Journal auf diesem Gerät ist vollständig, und Sie können weiter darin schreiben.";
    alarm_why: "Perhaps the server was restored from an old backup or its disk is failing; perhaps somebody tampered with it.", "Vielleicht wurde der Server aus einer alten Sicherung wiederhergestellt oder sein Speicher ist defekt; vielleicht hat jemand daran etwas verändert.";
    alarm_do: "What you can do", "Was Sie tun können";
    alarm_do_1: "Save a backup on this device.", "Speichern Sie eine Sicherung auf diesem Gerät.";
    alarm_do_2: "Ask whoever runs this server what happened. The code is {n}.", "Fragen Sie, wer diesen Server betreibt, was geschehen ist. Der Code ist {n}.";
    alarm_do_3: "Look again when it is explained. If it is still so, it stops again.", "Sehen Sie noch einmal nach, wenn es geklärt ist. Ist es noch so, hält es wieder an.";
    alarm_do_4: "Or end it on this device. You can turn it on again with new keys.", "Oder beenden Sie es auf diesem Gerät. Sie können es mit neuen Schlüsseln wieder einschalten.";
    damaged_about: "What this device had noted about synchronising does not open any more. The journal itself is whole, but nothing is sent or fetched. Keep it on this device alone, and then turn synchronising on again.", "Was sich dieses Gerät zum Abgleich gemerkt hatte, lässt sich nicht mehr öffnen. Das Journal selbst ist vollständig, aber es wird nichts gesendet und nichts geholt. Behalten Sie es nur auf diesem Gerät und schalten Sie den Abgleich dann wieder ein.";
    look_again: "Look again", "Noch einmal nachsehen";
    keep_here: "Keep it on this device alone", "Nur auf diesem Gerät behalten";
    removed_title: "This device was removed", "Dieses Gerät wurde entfernt";
    removed_about: "Another of your devices took it out of the journal. It gets nothing new any more, and what is written here goes nowhere. Everything that was here is still here.", "Ein anderes Ihrer Geräte hat es aus dem Journal genommen. Es bekommt nichts Neues mehr, und was hier geschrieben wird, geht nirgendwohin. Alles, was hier war, ist noch hier.";
    removed_shared: "The journal is not shared with this device any more. What was here is still here.", "Das Journal wird mit diesem Gerät nicht mehr geteilt. Was hier war, ist noch hier.";
    gone_title: "The journal is not on the server", "Das Journal ist nicht auf dem Server";
    gone_about: "It was turned off on another device, the account was deleted, or somebody else is signed in. Everything is still on this device.", "Es wurde auf einem anderen Gerät ausgeschaltet, das Konto wurde gelöscht, oder jemand anderes ist angemeldet. Auf diesem Gerät ist noch alles da.";
    newer: "Another device wrote with a newer version of the journal. Please bring this one up to date: reload the page.", "Ein anderes Gerät hat mit einer neueren Fassung des Journals geschrieben. Bitte bringen Sie diese auf den neuesten Stand: Laden Sie die Seite neu.";
    banner: "Synchronising has stopped.", "Der Abgleich ist angehalten.";
    banner_link: "See why", "Warum";
    // Devices
    devices: "Devices", "Geräte";
    this_one: "This device", "Dieses Gerät";
    no_name: "Without a name", "Ohne Namen";
    since: "Since {n}", "Seit {n}";
    rename: "Rename", "Umbenennen";
    remove: "Remove", "Entfernen";
    remove_about: "“{n}” gets nothing new any more. What it has read, it keeps. The journal gets a new key, and everything is sealed anew.", "„{n}“ bekommt nichts Neues mehr. Was es gelesen hat, behält es. Das Journal bekommt einen neuen Schlüssel, und alles wird neu versiegelt.";
    remove_sure: "Yes, remove it", "Ja, entfernen";
    removing: "Making a new key…", "Ein neuer Schlüssel wird erzeugt…";
    removed: "It is removed.", "Es ist entfernt.";
    not_done: "The server did not confirm that it is done. Please try again when there is a network.", "Der Server hat nicht bestätigt, dass es geschehen ist. Bitte versuchen Sie es noch einmal, wenn es ein Netz gibt.";
    not_removed: "The removal could not be finished now. Please try again when there is a network.", "Das Entfernen ging jetzt nicht zu Ende. Bitte versuchen Sie es noch einmal, wenn es ein Netz gibt.";
    cancel: "Cancel", "Abbrechen";
    pair: "Add a device", "Ein Gerät hinzufügen";
    pair_context: "The new device shows a code; this one takes it.", "Das neue Gerät zeigt einen Code; dieses nimmt ihn auf.";
    pair_1: "On the new device, sign in to {n} with the same account and open {m}.", "Melden Sie sich auf dem neuen Gerät bei {n} mit demselben Konto an und öffnen Sie {m}.";
    pair_2: "There, choose “Bring a journal from another device”.", "Wählen Sie dort „Ein Journal von einem anderen Gerät holen“.";
    pair_3: "Photograph the code that it shows, or paste it as text.", "Fotografieren Sie den Code, den es zeigt, oder fügen Sie ihn als Text ein.";
    pair_words: "Without a second device at hand the recovery phrase does the same.", "Ist kein zweites Gerät zur Hand, tun die Wiederherstellungswörter dasselbe.";
    code: "Code of the new device", "Code des neuen Geräts";
    code_hint: "It begins with KWJ1.", "Er beginnt mit KWJ1.";
    code_bad: "This is no code of a new device. It begins with KWJ1.", "Das ist kein Code eines neuen Geräts. Er beginnt mit KWJ1.";
    camera: "Use the camera", "Kamera benutzen";
    camera_stop: "Stop the camera", "Kamera beenden";
    camera_no: "The camera cannot be used here. Please paste the text.", "Die Kamera lässt sich hier nicht benutzen. Bitte fügen Sie den Text ein.";
    camera_view: "What the camera sees", "Was die Kamera sieht";
    digits: "Compare these digits", "Vergleichen Sie diese Ziffern";
    digits_about: "The new device shows the same six. If they are others, please stop: another code was taken.", "Das neue Gerät zeigt dieselben sechs. Sind es andere, brechen Sie bitte ab: Dann wurde ein anderer Code aufgenommen.";
    new_name: "Name of the new device", "Name des neuen Geräts";
    let_in: "They are the same: let it in", "Sie sind gleich: hereinlassen";
    letting_in: "Letting it in…", "Wird hereingelassen…";
    let_in_done: "“{n}” is in. It fetches the journal now.", "„{n}“ ist dabei. Es holt jetzt das Journal.";
    // The new device
    join: "Bring a journal from another device", "Ein Journal von einem anderen Gerät holen";
    join_about: "It needs a network and the same account on this server. The journal then lives on both.", "Es braucht ein Netz und dasselbe Konto auf diesem Server. Das Journal lebt dann auf beiden.";
    join_how: "How it comes", "Wie es kommt";
    join_code: "With the other device", "Mit dem anderen Gerät";
    join_phrase: "With the recovery phrase", "Mit den 24 Wörtern";
    words: "The 24 words", "Die 24 Wörter";
    words_hint: "In their order, with spaces between them. Four letters are enough of each.", "In ihrer Reihenfolge, mit Leerzeichen dazwischen. Vier Buchstaben genügen von jedem.";
    words_bad: "These are not 24 words of a recovery phrase. Please check them against your paper.", "Das sind nicht die 24 Wörter einer Wiederherstellung. Bitte vergleichen Sie sie mit Ihrem Papier.";
    words_none: "No journal of this account opens with these words.", "Kein Journal dieses Kontos öffnet sich mit diesen Wörtern.";
    here_passphrase: "Passphrase for this device", "Passphrase für dieses Gerät";
    here_passphrase_hint: "At least 8 characters. It opens the journal here and stays here; it may be the same as elsewhere.", "Mindestens 8 Zeichen. Sie öffnet das Journal hier und bleibt hier; sie darf dieselbe sein wie anderswo.";
    show_code: "Show the code", "Code zeigen";
    ticket: "Take this code with the other device", "Nehmen Sie diesen Code mit dem anderen Gerät auf";
    ticket_about: "There: Other devices, Add a device. Please keep this page open until it is done.", "Dort: Andere Geräte, Ein Gerät hinzufügen. Bitte lassen Sie diese Seite offen, bis es fertig ist.";
    ticket_shared: "The person who shares takes it: Other devices, Share, Let the device in. Please keep this page open until it is done.", "Die Person, die teilt, nimmt ihn auf: Andere Geräte, Teilen, Gerät hereinlassen. Bitte lassen Sie diese Seite offen, bis es fertig ist.";
    ticket_text: "The code as text", "Der Code als Text";
    picture: "Picture of the code. The same stands below as text.", "Bild des Codes. Dasselbe steht darunter als Text.";
    copy: "Copy", "Kopieren";
    copied: "Copied.", "Kopiert.";
    waiting: "Waiting for the other device…", "Es wird auf das andere Gerät gewartet…";
    fetching: "Fetching the journal. Please keep this page open.", "Das Journal wird geholt. Bitte lassen Sie diese Seite offen.";
    get_it: "Fetch the journal", "Das Journal holen";
    // The door
    lost: "Passphrase lost?", "Passphrase verloren?";
    lost_about: "The 24 words of your recovery phrase open the journal, and you choose a new passphrase. Without them only a backup brings it back.", "Die 24 Wörter Ihrer Wiederherstellung öffnen das Journal, und Sie wählen eine neue Passphrase. Ohne sie holt es nur eine Sicherung zurück.";
    lost_act: "Open and set the passphrase", "Öffnen und Passphrase setzen";
    lost_wrong: "The journal on this device does not open with these words.", "Das Journal auf diesem Gerät öffnet sich mit diesen Wörtern nicht.";
    taken: "The journal was opened in another tab or window, so it was locked here.", "Das Journal wurde in einem anderen Tab oder Fenster geöffnet, darum ist es hier gesperrt.";
    other_shared: "A journal that somebody shares with me", "Ein Journal, das jemand mit mir teilt";
    other_own: "My own journal", "Mein eigenes Journal";
    // Sharing
    share: "Share", "Teilen";
    share_title: "Share with a partner", "Mit Partnerin oder Partner teilen";
    share_context: "With one or more people, each with an account of their own on this server.", "Mit einem oder mehreren Menschen, jeder mit eigenem Konto auf diesem Server.";
    share_1: "They see the whole journal: entries, notes and moods, also earlier ones and those to come.", "Sie sehen das ganze Journal: Einträge, Notizen und Stimmungen, auch frühere und künftige.";
    share_2: "It is sealed for them like for your devices, with a key of its own. The server cannot read it.", "Es ist für sie versiegelt wie für Ihre Geräte, mit einem eigenen Schlüssel. Der Server kann es nicht lesen.";
    share_3: "You can take it back at any time. What somebody has read by then, they may have kept.", "Sie können es jederzeit zurücknehmen. Was jemand bis dahin gelesen hat, kann behalten worden sein.";
    share_none: "With nobody so far.", "Bisher mit niemandem.";
    share_with: "Shared with", "Geteilt mit";
    may_read: "May read", "Darf lesen";
    may_write: "May read and write", "Darf lesen und schreiben";
    invite_title: "1. Invite", "1. Einladen";
    invite_called: "What they see as its name", "Welchen Namen sie dafür sehen";
    invite_called_hint: "For instance your first name.", "Zum Beispiel Ihr Vorname.";
    invite_may: "What they may do", "Was sie dürfen";
    invite_act: "Make an invitation", "Einladung erstellen";
    inviting: "Making the invitation…", "Die Einladung wird erstellt…";
    invitation: "The invitation", "Die Einladung";
    invitation_about: "It is good once, for a day. Show it, or send it in a way you trust. The other person opens {n}, chooses “A journal that somebody shares with me”, and takes it there.", "Sie gilt einmal, einen Tag lang. Zeigen Sie sie oder schicken Sie sie auf einem Weg, dem Sie trauen. Die andere Person öffnet {n}, wählt „Ein Journal, das jemand mit mir teilt“ und nimmt sie dort auf.";
    admit_title: "2. Let the device in", "2. Gerät hereinlassen";
    admit_about: "Their device then shows a code. Take it here.", "Deren Gerät zeigt danach einen Code. Nehmen Sie ihn hier auf.";
    admit_first: "No account has taken the invitation yet. Please let the other person take it first.", "Noch kein Konto hat die Einladung aufgenommen. Bitte lassen Sie die andere Person sie zuerst aufnehmen.";
    admit_whose: "Whose device it is", "Wessen Gerät es ist";
    admit_came: "Took an invitation on {n}", "Hat eine Einladung aufgenommen: {n}";
    admit_which: "Please say first whose device it is; beside it stands what it may do. Then let it in.", "Bitte sagen Sie zuerst, wessen Gerät es ist; daneben steht, was es darf. Lassen Sie es dann herein.";
    admit_name: "Who it is", "Wer es ist";
    admitted: "“{n}” is in.", "„{n}“ ist dabei.";
    safety: "Compare digits", "Ziffern vergleichen";
    safety_about: "If a code came by message, read these digits to each other. They are the same on both sides where nobody stands in between.", "Kam ein Code als Nachricht, lesen Sie einander diese Ziffern vor. Sie sind auf beiden Seiten gleich, wenn niemand dazwischen steht.";
    take_back: "Take back", "Zurücknehmen";
    take_back_about: "“{n}” gets nothing new any more. What was read by then may have been kept. The shared journal gets a new key.", "„{n}“ bekommt nichts Neues mehr. Was bis dahin gelesen wurde, kann behalten worden sein. Das geteilte Journal bekommt einen neuen Schlüssel.";
    take_back_sure: "Yes, take it back", "Ja, zurücknehmen";
    taken_back: "It is taken back.", "Es ist zurückgenommen.";
    share_end: "Stop sharing", "Nicht mehr teilen";
    share_end_about: "Nobody gets anything any more, and the shared copy is deleted from the server.", "Niemand bekommt mehr etwas, und die geteilte Kopie wird auf dem Server gelöscht.";
    share_ended: "It is not shared any more.", "Es wird nicht mehr geteilt.";
    // Somebody else's
    accept_title: "A journal that somebody shares with you", "Ein Journal, das jemand mit Ihnen teilt";
    accept_about: "It is kept beside a journal of your own, under a passphrase of its own. You need an account on this server.", "Es liegt neben einem eigenen Journal, unter eigener Passphrase. Sie brauchen ein Konto auf diesem Server.";
    accept_code: "Invitation", "Einladung";
    accept_code_hint: "It begins with KWI1.", "Sie beginnt mit KWI1.";
    accept_bad: "This is no invitation. It begins with KWI1.", "Das ist keine Einladung. Sie beginnt mit KWI1.";
    accept_over: "This invitation is used, or its day is over. Please ask for a new one.", "Diese Einladung ist benutzt, oder ihr Tag ist vorbei. Bitte lassen Sie sich eine neue geben.";
    accept_name: "What you call it", "Wie Sie es nennen";
    accept_name_hint: "The name of the person, for instance. It stays on this device.", "Zum Beispiel der Name der Person. Er bleibt auf diesem Gerät.";
    shared_of: "The journal of {n}", "Das Journal von {n}";
    shared_reads: "Shared with you. You can read it.", "Mit Ihnen geteilt. Sie können es lesen.";
    shared_writes: "Shared with you. What you write, both of you see.", "Mit Ihnen geteilt. Was Sie schreiben, sehen Sie beide.";
    shared_over: "It was shared with you. Nothing new comes now, and what you write stays on this device.", "Es wurde mit Ihnen geteilt. Jetzt kommt nichts Neues, und was Sie schreiben, bleibt auf diesem Gerät.";
    bad_read_only: "This journal is shared with you for reading. Your entry was not kept.", "Dieses Journal ist mit Ihnen zum Lesen geteilt. Ihr Eintrag wurde nicht behalten.";
    leave_shared: "Leave this journal", "Dieses Journal verlassen";
    leave_shared_about: "It goes from this device, and your account reaches it no more. The other person keeps everything.", "Es geht von diesem Gerät, und Ihr Konto erreicht es nicht mehr. Die andere Person behält alles.";
    leave_shared_sure: "Yes, leave it", "Ja, verlassen";
    // Turning off
    turn_off: "Turn off", "Ausschalten";
    off_title: "Turn off", "Ausschalten";
    off_about: "The server deletes its copy for good. Every device keeps what it has, on its own. You can turn it on again later, with new words.", "Der Server löscht seine Kopie endgültig. Jedes Gerät behält, was es hat, für sich. Sie können es später wieder einschalten, mit neuen Wörtern.";
    off_shared: "What you share with others ends, too.", "Auch was Sie mit anderen teilen, endet.";
    off_waits: "There are changes here that other devices do not have yet.", "Hier gibt es Änderungen, die andere Geräte noch nicht haben.";
    off_half: "What you shared has ended. After that the server did not answer: its copy of the journal is still there. Please try again later.", "Was Sie geteilt haben, ist beendet. Danach hat der Server nicht geantwortet: Seine Kopie des Journals ist noch da. Bitte versuchen Sie es später noch einmal.";
    off_sure: "Delete the server's copy", "Die Kopie auf dem Server löschen";
    turning_off: "The server deletes its copy…", "Der Server löscht seine Kopie…";
    receipt: "Receipt of the deletion", "Quittung der Löschung";
    receipt_at: "Deleted", "Gelöscht";
    receipt_items: "Sealed pieces", "Versiegelte Stücke";
    receipt_bytes: "Bytes", "Bytes";
    receipt_vault: "Journal", "Journal";
    receipt_leaf: "Line in your access log", "Zeile in Ihrem Zugriffsprotokoll";
    receipt_about: "The line stands in the access log of your account, which cannot be rewritten unnoticed. Backups that whoever runs the server made before may still hold the sealed copy until they run out.", "Die Zeile steht im Zugriffsprotokoll Ihres Kontos, das sich nicht unbemerkt umschreiben lässt. Frühere Sicherungen dessen, der den Server betreibt, können die versiegelte Kopie enthalten, bis sie ablaufen.";
    receipt_save: "Save the receipt", "Quittung speichern";
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_language_keeps_the_places_to_fill_in() {
        for (name, en, de) in pairs() {
            assert!(!en.trim().is_empty() && !de.trim().is_empty(), "{name} is empty");
            for mark in ["{n}", "{m}"] {
                assert_eq!(en.matches(mark).count(), de.matches(mark).count(), "{name}");
            }
        }
    }

    #[test]
    fn every_alarm_of_the_protocol_has_its_own_sentence() {
        let protocol = include_str!("../../../docs/journal-protocol.md");
        let rows = protocol.split("## 6.").nth(1).unwrap().split("## 7.").next().unwrap();
        let codes: Vec<&str> = rows
            .lines()
            .filter(|l| l.starts_with("| `"))
            .flat_map(|l| l.split('|').nth(1).unwrap().split('`').skip(1).step_by(2))
            .collect();
        assert_eq!(codes.len(), ALARMS.len(), "{codes:?}");
        for code in codes {
            assert_ne!(alarm(Lang::En, code), EN.alarm_other, "{code}");
        }
    }
}

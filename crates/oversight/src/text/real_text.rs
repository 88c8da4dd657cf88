//! Real writing of many scripts must raise nothing above information in prose, and stay readable. The
//! sentences are written for this table. What must raise a finding is in `hostile_text`.

use super::{Shape, analyse, escape};
use crate::vocabulary::Severity;

/// Language, what the sentence is there for, the sentence, how many of its characters are escaped.
const SENTENCES: &[(&str, &str, &str, usize)] = &[
    ("Arabic", "plain", "أعدنا تشغيل خادم المصادقة بعد أن تجاوز زمن الاستجابة الحد المسموح به.", 0),
    ("Arabic", "vowels and shadda", "قُمْنا بِتَحْديثِ القاعِدَةِ ثُمَّ تَحَقَّقْنا مِنَ النُّسَخِ.", 0),
    ("Arabic", "Latin and digits within", "ارتفع استهلاك CPU في eu-west-1 إلى ٩٢٪ خلال ٥ دقائق.", 0),
    ("Arabic", "article before a Latin word", "أوقفنا الAPI مؤقتًا.", 0),
    ("Arabic", "a right-to-left mark after a Latin name", "انتهى نشر Kubernetes\u{200F}، والخدمة تعمل.", 1),
    ("Arabic", "ZWJ after heh at the end", "سنة ١٤٤٥ ه\u{200D}.", 1),
    ("Persian", "ZWNJ", "می‌خواهم سرویس‌های پرداخت را به‌روزرسانی کنم؛ آزمایش‌ها پاس شده‌اند.", 0),
    ("Persian", "ZWNJ before a space, as often typed", "خانه‌\u{20}های قدیمی", 1),
    ("Urdu", "plain", "ہم نے کل رات ڈیٹا بیس کا نیا ورژن نصب کیا اور سب کچھ ٹھیک ہے۔", 0),
    ("Hebrew", "plain", "הפעלנו מחדש את שירות ההתחברות כי זמן התגובה עלה.", 0),
    ("Hebrew", "niqqud", "בְּרֵאשִׁית הַשָּׁנָה עָבַרְנוּ לְמֶרְכַּז נְתוּנִים חָדָשׁ.", 0),
    ("Hebrew", "accents over niqqud", "וַיֹּ֥אמֶר הַמְפַקֵּ֖ד שָּׁ֑מָּה", 0),
    ("Hebrew", "prefix before a Latin word, mark after it", "העומס בAWS ירד\u{200E} ב-12%.", 1),
    ("Hebrew", "one word of letters that skeletons take for ASCII", "סוס", 0),
    ("Yiddish", "plain", "דער סערווער איז צוריק אויף די פֿיס.", 0),
    ("Syriac", "plain", "ܫܠܡܐ ܥܠܝܟܘܢ", 0),
    ("Chinese, simplified", "Latin within", "由于负载过高,我们把API网关从3个节点扩容到5个节点。", 0),
    ("Chinese, traditional", "plain", "資料庫備份已完成,請同事確認後再切換流量。", 0),
    ("Chinese", "a Greek letter", "取α参数为0.05,β版先上线。", 0),
    ("Chinese", "ideographic space", "\u{3000}\u{3000}一、先停止写入。", 2),
    ("Japanese", "kana, kanji and Latin", "サーバーのCPU使用率が90%を超えたため、Podを再起動しました。", 0),
    ("Japanese", "fullwidth letters and digits", "ＡＷＳの障害は１２時３０分に解消した。", 0),
    ("Japanese", "ideographic space, one katakana", "対応：\u{3000}ノ ー ロ", 1),
    ("Japanese", "a chosen glyph variant", "葛\u{E0100}城市のデータ", 1),
    ("Japanese", "decomposed voicing", "か\u{3099}いし は\u{309A}す", 0),
    ("Korean", "plain", "결제 서버의 응답이 느려져서 두 대를 더 추가했습니다.", 0),
    ("Korean", "Hanja and Latin", "API 서버는 再起動 후 정상입니다. DB접속 확인.", 0),
    ("Korean", "decomposed jamo", "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}", 0),
    ("Hindi", "plain", "हमने रात को सर्वर फिर से चालू किया, क्योंकि डेटाबेस धीमा था।", 0),
    ("Hindi", "half forms by ZWJ and ZWNJ", "क्‍षमा, पक्‌का काम और श्‍याम की रिपोर्ट", 0),
    ("Marathi", "eyelash ra", "दर्‍या आणि सुर्‍या", 0),
    ("Bengali", "ya-phalaa after ra", "র‍্যাম বাড়ানোর পর সার্ভার ঠিক আছে।", 0),
    ("Tamil", "plain", "தரவுத்தளம் மீண்டும் இயங்குகிறது, அனைத்தும் சரி.", 0),
    ("Tamil", "ZWNJ", "பக்‌ஷம்", 0),
    ("Telugu", "ZWNJ", "సాఫ్ట్‌వేర్ నవీకరణ పూర్తయింది.", 0),
    ("Kannada", "ZWNJ", "ಸಾಫ್ಟ್‌ವೇರ್ ನವೀಕರಣ ಮುಗಿದಿದೆ.", 0),
    ("Malayalam", "chillu by ZWJ", "അവന്‍ സെര്‍വര്‍ പുനരാരംഭിച്ചു.", 0),
    ("Gujarati", "plain", "અમે ગઈકાલે સર્વર બદલ્યું.", 0),
    ("Punjabi", "plain", "ਅਸੀਂ ਸਰਵਰ ਮੁੜ ਚਾਲੂ ਕੀਤਾ।", 0),
    ("Sinhala", "ZWJ", "ශ්‍රී ලංකාවේ සේවාදායකය ක්‍රියාත්මකයි.", 0),
    ("Thai", "Latin within", "เราเริ่มระบบใหม่เพราะใช้APIเก่าไม่ได้ ตอนนี้ปกติแล้วครับ น้ำที่นี่", 0),
    ("Thai", "zero width space between words", "ฐานข้อมูล\u{200B}พร้อม\u{200B}แล้ว", 2),
    ("Lao", "plain", "ພວກເຮົາໄດ້ເປີດເຄື່ອງແມ່ຂ່າຍຄືນໃໝ່.", 0),
    ("Khmer", "zero width space between words", "យើង\u{200B}បាន\u{200B}ចាប់ផ្ដើម\u{200B}ម៉ាស៊ីន", 3),
    ("Burmese", "stacked marks", "မြို့တော်ရှိ ဆာဗာကို ပြန်ဖွင့်ပြီးပါပြီ။ ညွှန်ကြားချက်", 0),
    ("Tibetan", "stacks", "བསྒྲུབས་པའི་ལས་དོན།", 0),
    ("Mongolian", "selector and vowel separator", "ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯ\u{180E}ᠡ ᠨ\u{180B}ᠠ", 0),
    ("Vietnamese", "composed", "Chúng tôi đã khởi động lại máy chủ vì cơ sở dữ liệu phản hồi chậm.", 0),
    ("Vietnamese", "decomposed", "Vie\u{302}\u{323}t Nam, ti\u{1EBF}ng Vi\u{1EC7}t", 0),
    ("Russian", "plain", "Мы перезапустили сервер, а затем проверили очередь: она пуста, и ошибок у нас нет.", 0),
    (
        "Russian",
        "words of letters that all pass for Latin",
        "Рост нагрузки на ОС: о сроках и о росте скажем на API-совете.",
        0,
    ),
    ("Russian", "Latin word with a Russian ending", "Откатили версию email'ом, Deployment'а больше нет.", 0),
    ("Ukrainian", "apostrophe letter", "Об\u{2BC}єкт сховища з\u{2BC}явився у звіті.", 0),
    ("Serbian", "plain", "Сервер је поново покренут јер је база била спора.", 0),
    ("Bulgarian", "plain", "Рестартирахме сървъра и проверихме резервното копие.", 0),
    ("Greek", "plain", "Επανεκκινήσαμε τον διακομιστή, γιατί η βάση ήταν αργή.", 0),
    ("Greek", "symbols in English", "The p-value at α = 0.05 and ν = 3 says the canary is fine.", 0),
    ("Armenian", "plain", "Մենք վերագործարկեցինք սերվերը երեկ։", 0),
    ("Georgian", "plain", "ჩვენ გადავტვირთეთ სერვერი.", 0),
    ("Amharic", "plain", "አገልጋዩን እንደገና አስጀመርነው።", 0),
    ("German", "umlauts", "Wir haben den Lastverteiler größer gemacht – „vorläufig“, heißt es.", 0),
    (
        "French",
        "spaces before punctuation",
        "Pourquoi\u{202F}? La base répond en 1\u{A0}200\u{A0}ms\u{202F}; c’est trop.",
        4,
    ),
    ("Turkish", "dotless i", "Işık hızında altı sunucu açıldı, sınır aşıldı.", 0),
    ("Polish", "plain", "Zażółć gęślą jaźń: usługa działa ponownie.", 0),
    ("Hawaiian", "okina", "Hawai\u{2BB}i kikowaena", 0),
    ("Danish", "æ alone outside ASCII", "Sæt fejlen i kæden, tak.", 0),
    ("French", "œ alone outside ASCII", "Le coeur, ou cœur, du service.", 0),
    ("Icelandic", "thorn alone outside ASCII", "Vélin er þar enn.", 0),
    ("English", "romanized Arabic", "The Qur\u{2BE}an and the \u{2BF}ulama\u{2BE} of Basra.", 0),
    ("Icelandic", "plain", "Þjónninn var endurræstur í gærkvöldi.", 0),
    ("Spanish", "ordinals and marks", "¿Reinició la 2ª réplica? Sí, el 1º intento falló.", 0),
    ("English", "typographic signs", "It’s “fine” — 99.9 % … µs, ½, ², №1, ①, Ⅳ, ™, €.", 0),
    ("English", "ligatures from a printed page", "The ﬁrst conﬂict was ﬁxed.", 0),
    ("English", "several lines, a table", "name      state\n\tapi-1    Ready\n\n- next\n", 0),
    ("English", "CRLF", "one\r\ntwo\r\n", 2),
    ("braille", "blank cells between words", "⠓⠑⠇⠇⠕\u{2800}⠺⠕⠗⠇⠙", 1),
    ("emoji", "ZWJ sequences", "Team 👩‍💻👨‍👩‍👧‍👦 shipped it 🧑‍🤝‍🧑 🏳️‍🌈 🏴‍☠️ ❤️‍🔥 👁️‍🗨️ 🏃🏽‍♀️ 🧑🏻‍❤️‍💋‍🧑🏿", 0),
    ("emoji", "skin tones", "👍🏽 👋🏿 🤝🏼", 0),
    ("emoji", "flags", "🇯🇵 🇺🇦 🇪🇺", 0),
    ("emoji", "a nation's flag in tags", "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", 6),
    ("emoji", "keycaps", "1️⃣ #️⃣ *️⃣ 9️⃣", 0),
    ("emoji", "text and emoji presentation", "☀️ ☎︎ ↔️ ©️ ⚠️ ✔︎", 0),
];

#[test]
fn real_writing_raises_nothing_above_information() {
    for (language, what, sentence, _) in SENTENCES {
        let graver: Vec<_> = analyse("rationale", sentence, Shape::Prose)
            .into_iter()
            .filter(|finding| finding.severity > Severity::Info)
            .collect();
        assert!(graver.is_empty(), "{language}, {what}: {graver:#?}");
    }
}

#[test]
fn real_writing_stays_readable() {
    for (language, what, sentence, expected) in SENTENCES {
        let escapes: Vec<_> = escape::segments_of_lines(sentence)
            .into_iter()
            .filter(|segment| matches!(segment, escape::Segment::Escape { .. }))
            .collect();
        assert_eq!(escapes.len(), *expected, "{language}, {what}: {escapes:?}");
    }
}

#[test]
fn real_names_of_one_script_are_no_finding_in_a_target() {
    for name in [
        "zażółć-gęślą",
        "サーバー-01",
        "数据库",
        "결제서버",
        "отдел-продаж",
        "خادم",
        "serviço/produção",
        "größe",
        "ฐานข้อมูล",
    ] {
        assert_eq!(analyse("resources[0].uid", name, Shape::Identifier), [], "{name}");
    }
}

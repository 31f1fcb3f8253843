//! What counts as JSON in a model's text, and what does not.

use llm::{ReadError, read_json};
use serde_json::{Value, json};

#[track_caller]
fn check(text: &str, expected: Value) {
    assert_eq!(read_json(text), Ok(expected), "{text}");
}

#[test]
fn fixed_repairs() {
    let item = || json!({ "a": "b" });
    check(r#"{"a":"b"}"#, item());
    check("\u{feff}{\"a\":\"b\"}", item());
    check("```json\n{\"a\":\"b\"}\n```", item());
    check("```\n{\"a\":\"b\"}", item());
    check("好的，以下是结果：\n{\"a\":\"b\"}\n希望对你有帮助！", item());
    check("See [1] and {name} [sic]: {\"a\":\"b\"} (see [2])", item());
    check("<think>maybe {\"a\":\"x\"}?</think>\n{\"a\":\"b\"}", item());
    check("no opener {\"a\":</think>{\"a\":\"b\"}", item());
    check("<think>1</think><think>2</think>{\"a\":\"b\"}", item());
    check("{\"a\":\"b\",}", item());
    check("{“a”：“b”}", item());
    check("{“a”：\"b\"，}", item());
    check("{\u{3000}\"a\"\u{a0}: \"b\"\u{200b}}", item());
    check("{\"a\":\"b\"}}", item());
    check(r#"[{"a":"b"}]"#, json!([{ "a": "b" }]));
    check("[1,2,],", json!([1, 2]));
    check("{\"a\":[{\"b\":1,},],}", json!({ "a": [{ "b": 1 }] }));
    check("{\"a\":\"x\ny\tz\"}", json!({ "a": "x\ny\tz" }));
    check("{“a”：“他说“你好”了”}", json!({ "a": "他说“你好”了" }));
    check("{“a”：[“x”，“y \"z\"”]}", json!({ "a": ["x", "y \"z\""] }));
    check("{\"a\":\"全角：，“不动”\",}", json!({ "a": "全角：，“不动”" }));
    check("{\"a\":NaN,\"b\":-Infinity}", json!({ "a": null, "b": null }));
    check("{\"a\":-1.5e3,\"b\":true,\"c\":null,}", json!({ "a": -1500.0, "b": true, "c": null }));
    check(r#"{"a":"\u4f60\"\\n",}"#, json!({ "a": "你\"\\n" }));
    check("```json\n{}\n```", json!({}));
    check("[ ]", json!([]));
}

#[test]
fn no_guessing() {
    use ReadError::{CutOff, Many, NoJson, TooDeep};
    for (text, expected) in [
        ("", NoJson),
        ("## 重点\n- a", NoJson),
        ("抱歉，我无法协助处理该请求。", NoJson),
        ("\"a string\"", NoJson),
        ("42", NoJson),
        ("{items: [1]}", NoJson),
        ("{", CutOff),
        ("{\"items\":[{\"text\":\"半句", CutOff),
        ("{\"items\":[{\"a\":1},", CutOff),
        ("{\"items\":[{\"a\":1}]", CutOff),
        ("{\"a\":12", CutOff),
        ("{\"a\":\"\\", CutOff),
        ("{“a”：“b", CutOff),
        ("```json\n[{\"a\":1}", CutOff),
        ("<think>still thinking {\"a\":1}", CutOff),
        ("{\"a\":1}\n{\"a\":2}", Many { count: 2 }),
        ("[1] [2]", Many { count: 2 }),
        (&format!("{}1{},", "[".repeat(200), "]".repeat(200)), TooDeep { limit: 64 }),
    ] {
        assert_eq!(read_json(text), Err(expected), "{text}");
    }
    for text in [
        "{'items':[]}",
        "{'a': '}', 'b': [1]}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1,,\"b\":2}",
        "{,}",
        "{\"a\":\"他说\"你好\"\"}",
        "{\"a\":True}",
        "{\"a\":\"\\x\",}",
        "{\"a\":\"\\ud83d\",}",
        "{\"items\":[{\"a\":1}, oops]}",
        "{\"a\":01,}",
        "{// note \"a\":1}",
    ] {
        assert!(
            matches!(read_json(text), Err(ReadError::Syntax { .. } | NoJson)),
            "{text}: {:?}",
            read_json(text)
        );
    }
}

/// Every prefix and every one-character loss of a repaired text is read or refused, never a panic; and no prefix of a
/// single object is ever taken for a whole one.
#[test]
fn never_a_panic_and_never_a_part() {
    let text = "好<think>x</think>```json\n{“a”：[1，{\"b\":\"c\\n\\\"}\",},-2.5e1,],\"d\":\"“e”\n\",\"f\":{\"g\":NaN}}";
    let chars: Vec<char> = text.chars().collect();
    assert!(read_json(text).is_ok(), "{:?}", read_json(text));
    for cut in 0..chars.len() {
        let prefix: String = chars[..cut].iter().collect();
        assert!(read_json(&prefix).is_err(), "{prefix}");
        let without: String = chars[..cut].iter().chain(&chars[cut + 1..]).collect();
        let _ = read_json(&without);
    }
}

#[test]
fn never_a_panic_on_noise() {
    let alphabet: Vec<char> = "{}[]\",:：，“”\\'ntu0-.e\n \u{3000}\u{feff}字<think>/`N😀".chars().collect();
    let mut state = 7_u64;
    for length in (0..60).cycle().take(60_000) {
        let noise: String = (0..length)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                alphabet[(state >> 33) as usize % alphabet.len()]
            })
            .collect();
        let _ = read_json(&noise);
    }
    let deep = "[".repeat(1_000_000);
    assert_eq!(read_json(&deep), Err(ReadError::TooDeep { limit: 64 }));
}

//! The cloud as a whole: what it shows, what it leaves out, and that it is the same each time.

use super::{bitmap::Bitmap, *};

const NAMES: &str = "智能体 Claude 大模型 开源 GPT-5.2 推理 OpenAI 编程 芯片 Gemini 机器人 算力 DeepSeek 多模态 安全 Agent 英伟达 \
                     数据中心 Qwen 融资 自动驾驶 视频生成 上下文 基准测试 Anthropic 端侧模型 强化学习 世界模型 量化 比特币";

fn words() -> Vec<(String, f64)> {
    NAMES.split_whitespace().zip(1..).map(|(name, rank)| (name.to_owned(), 100.0 / f64::from(rank))).collect()
}

fn small() -> CloudSettings {
    CloudSettings { width: 640, height: 360, min_size: 14.0, ..CloudSettings::default() }
}

fn arranged(settings: &CloudSettings) -> Layout {
    let (font, words) = (Font::builtin().unwrap(), words());
    let words = drawable(&heaviest(&words, settings.max_words), &font, settings, &mut Vec::new());
    place(&words, &font, settings)
}

#[test]
fn every_word_finds_room_and_the_picture_fills() {
    let cloud = word_cloud(&words(), &Font::builtin().unwrap(), &small()).unwrap();
    assert!((cloud.placed, cloud.skipped.len()) == (30, 0), "{:?}", cloud.skipped);
    assert!(cloud.fill > 0.2, "{}", cloud.fill);
    assert_eq!(cloud.jpeg.get(..3), Some([0xFF, 0xD8, 0xFF].as_slice()));
}

#[test]
fn the_same_words_give_the_same_bytes_in_any_order() {
    let (font, words) = (Font::builtin().unwrap(), words());
    let reversed: Vec<_> = words.iter().rev().cloned().collect();
    let draw = |words, seed| word_cloud(words, &font, &CloudSettings { seed, ..small() }).unwrap().jpeg;
    assert_eq!(draw(&words, 1), draw(&reversed, 1));
    assert_ne!(draw(&words, 1), draw(&words, 2));
}

#[test]
fn no_two_words_touch() {
    let settings = small();
    let mut taken = Bitmap::new(settings.width as usize, settings.height as usize);
    for placed in arranged(&settings).placed {
        let ink = Bitmap::of_ink(&placed.sprite.grey, placed.sprite.width, (0, 0));
        assert!(taken.has_room_for(&ink, placed.ink_corner()));
        taken.stamp(&ink, placed.ink_corner());
    }
}

#[test]
fn neighbours_differ_in_colour_and_colours_are_balanced() {
    let settings = CloudSettings { palette: CloudSettings::default().palette, ..small() };
    let layout = arranged(&settings);
    let colours = paint::colours(&layout.placed, &settings);
    let used = |colour| colours.iter().filter(|other| *other == colour).count();
    assert!(settings.palette.iter().all(|colour| (2..=6).contains(&used(colour))), "{colours:?}");
    let same = |one: usize, other: usize| {
        layout.placed[one].is_close_to(&layout.placed[other]) && colours[one] == colours[other]
    };
    let clashes = (1..colours.len()).flat_map(|one| (0..one).map(move |other| (one, other)));
    assert_eq!(clashes.filter(|&(one, other)| same(one, other)).count(), 0);
}

#[test]
fn a_word_without_glyphs_is_skipped_and_many_are_an_error() {
    let font = Font::builtin().unwrap();
    let with = |count: usize| {
        let odd = (0..count).map(|n| (format!("🚀{n}"), 50.0));
        word_cloud(&words().into_iter().chain(odd).collect::<Vec<_>>(), &font, &small())
    };
    assert_eq!(with(2).unwrap().skipped, vec!["🚀0", "🚀1"]);
    let hint = with(5).unwrap_err().to_string();
    assert!(
        hint.contains("5 of 35 words") && hint.contains("`🚀`") && hint.contains("[cloud] font"),
        "{hint}"
    );
}

#[test]
fn what_cannot_be_drawn_is_named() {
    let font = Font::builtin().unwrap();
    let long = "长".repeat(60);
    let odd = [(" ", 1.0), ("无权", 0.0), ("非数", f64::NAN), (long.as_str(), 9.0)];
    let words: Vec<_> =
        odd.map(|(text, weight)| (text.to_owned(), weight)).into_iter().chain(words()).collect();
    let cloud = word_cloud(&words, &font, &small()).unwrap();
    assert_eq!(cloud.skipped, vec!["非数", &long, "", "无权"]);
    assert_eq!(cloud.placed, 30);
}

#[test]
fn too_many_words_for_a_small_picture_are_left_out_from_the_end() {
    let settings = CloudSettings { width: 120, height: 90, ..small() };
    let cloud = word_cloud(&words(), &Font::builtin().unwrap(), &settings).unwrap();
    assert!(cloud.placed > 5 && cloud.skipped.len() + cloud.placed == 30, "{cloud:?}");
    assert!(!cloud.skipped.contains(&"智能体".to_owned()));
}

#[test]
fn nothing_to_draw_is_an_error() {
    let font = Font::builtin().unwrap();
    assert!(matches!(word_cloud(&[], &font, &small()), Err(CloudError::Empty)));
    assert!(matches!(word_cloud(&[("x".into(), 0.0)], &font, &small()), Err(CloudError::Empty)));
    for odd in [CloudSettings { height: 0, ..small() }, CloudSettings { min_size: f64::NAN, ..small() }] {
        assert!(matches!(word_cloud(&words(), &font, &odd), Err(CloudError::Size)));
    }
}

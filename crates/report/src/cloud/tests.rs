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

fn drawn(settings: &CloudSettings) -> Cloud {
    word_cloud(&words(), &Font::builtin().unwrap(), settings).unwrap()
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
    assert!(cloud.fill > 0.4, "{}", cloud.fill);
    assert_eq!(cloud.bytes.get(..3), Some([0xFF, 0xD8, 0xFF].as_slice()));
}

#[test]
fn the_same_words_give_the_same_bytes_in_any_order() {
    let (font, words) = (Font::builtin().unwrap(), words());
    let reversed: Vec<_> = words.iter().rev().cloned().collect();
    for format in [PictureFormat::Jpg, PictureFormat::Png, PictureFormat::Svg] {
        let draw =
            |words, seed| word_cloud(words, &font, &CloudSettings { format, seed, ..small() }).unwrap().bytes;
        assert!(draw(&words, 1) == draw(&reversed, 1), "{format:?}");
        assert!(draw(&words, 1) != draw(&words, 2), "{format:?}");
    }
}

#[test]
fn each_format_is_what_it_says() {
    let of = |format| drawn(&CloudSettings { format, ..small() }).bytes;
    let decode = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().to_rgb8();
    let (jpeg, png) = (decode(&of(PictureFormat::Jpg)), decode(&of(PictureFormat::Png)));
    assert_eq!((jpeg.dimensions(), png.dimensions()), ((640, 360), (640, 360)));
    let svg = String::from_utf8(of(PictureFormat::Svg)).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n") && !svg.contains("<text"));
    assert_eq!((svg.matches("<path ").count(), svg.matches("<title>").count()), (30, 30));
    assert!(!svg.contains("href") && !svg.contains("NaN"));
}

#[test]
fn an_svg_escapes_its_words() {
    let settings = CloudSettings { format: PictureFormat::Svg, ..small() };
    let words = [("<script>&".to_owned(), 1.0)];
    let cloud = word_cloud(&words, &Font::builtin().unwrap(), &settings).unwrap();
    let svg = String::from_utf8(cloud.bytes).unwrap();
    assert!(svg.contains("<title>&lt;script&gt;&amp;</title>") && !svg.contains("<script"));
}

/// Whether a place, told in parts of the picture, is inside.
type Inside = fn(f64, f64) -> bool;

#[test]
fn a_mask_has_no_ink_outside() {
    // A triangle: dark below the diagonal, white above.
    let mask = image::DynamicImage::ImageLuma8(image::GrayImage::from_fn(64, 36, |x, y| {
        image::Luma([if x < y * 64 / 36 { 0 } else { 255 }])
    }));
    let shapes: [(Shape, Inside); 3] = [
        (Shape::Ellipse, |x, y| (x - 0.5).hypot(y - 0.5) <= 0.505),
        (Shape::Circle, |x, y| ((x - 0.5) * 640.0 / 360.0).hypot(y - 0.5) <= 0.505),
        (Shape::Mask(Mask::of(&mask)), |x, y| x <= y + 0.04),
    ];
    for (shape, inside) in shapes {
        let settings = CloudSettings { shape, format: PictureFormat::Png, min_size: 8.0, ..small() };
        let picture = image::load_from_memory(&drawn(&settings).bytes).unwrap().to_rgb8();
        let dark = picture.enumerate_pixels().filter(|(_, _, pixel)| pixel.0 != [255; 3]);
        let at = dark.map(|(x, y, _)| ((f64::from(x) + 0.5) / 640.0, (f64::from(y) + 0.5) / 360.0));
        let at: Vec<_> = at.collect();
        assert!(at.len() > 5000, "{:?} is nearly empty: {}", settings.shape, at.len());
        assert!(at.iter().all(|&(x, y)| inside(x, y)), "{:?}", settings.shape);
    }
}

#[test]
fn a_shape_is_a_name_or_a_picture_with_a_dark_part() {
    assert_eq!(Shape::from_name_or_file("circle").unwrap(), Shape::Circle);
    let missing = Shape::from_name_or_file("no/such.png").unwrap_err();
    assert!(missing.to_string().contains("`no/such.png`"), "{missing}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("white.png");
    image::GrayImage::from_pixel(8, 8, image::Luma([255])).save(&path).unwrap();
    let blank = Shape::from_name_or_file(path.to_str().unwrap()).unwrap_err();
    assert!(matches!(blank, ShapeError::Blank { .. }), "{blank}");
}

#[test]
fn no_lighter_word_is_larger_but_for_what_is_too_wide() {
    let placed = arranged(&small()).placed;
    let font = Font::builtin().unwrap();
    let wide = |placed: &place::Placed| font.width(&placed.text) * placed.size > 640.0 * 0.7;
    let pairs = placed.iter().zip(placed.iter().skip(1));
    assert!(pairs.filter(|(heavy, _)| !wide(heavy)).all(|(heavy, light)| light.size <= heavy.size * 1.06));
}

#[test]
fn chinese_that_does_not_lie_level_stands_upright() {
    let placed = arranged(&small()).placed;
    let han = |text: &str| text.chars().all(corpus::is_han_char);
    let odd: Vec<_> = placed.iter().filter(|placed| placed.turn != word::Turn::Level).collect();
    assert!(!odd.is_empty());
    assert!(odd.iter().all(|placed| (placed.turn == word::Turn::Upright) == han(&placed.text)));
}

#[test]
fn pale_colours_are_refused() {
    let settings = CloudSettings { palette: vec![[0; 3], [0xFF, 0xD7, 0x00]], ..small() };
    let error = word_cloud(&words(), &Font::builtin().unwrap(), &settings).unwrap_err().to_string();
    assert_eq!(error, "the word cloud's colour #ffd700 has a contrast of 1.4:1 on #ffffff; it needs 3:1");
    let dark = CloudSettings { background: [0; 3], palette: vec![[0xFF, 0xD7, 0x00]], ..small() };
    assert!(dark.check().is_ok() && CloudSettings::default().check().is_ok());
    assert!(matches!(CloudSettings { palette: Vec::new(), ..small() }.check(), Err(CloudError::NoColours)));
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
fn a_missing_glyph_is_told_with_its_remedy_and_never_drawn() {
    let font = Font::builtin().unwrap();
    let with = |count: usize| {
        let odd = (0..count).map(|n| (format!("🚀{n}"), 50.0));
        word_cloud(&words().into_iter().chain(odd).collect::<Vec<_>>(), &font, &small())
    };
    let cloud = with(2).unwrap();
    let told: Vec<String> = cloud.skipped.iter().map(ToString::to_string).collect();
    assert_eq!(
        told[0],
        "`🚀0`: the font `TuibaoSansSC-Bold` has no `🚀`; set `[cloud] font` to one that has it"
    );
    assert_eq!((told.len(), cloud.placed), (2, 30));
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
    let nothing = |word: &str| Skipped::Nothing { word: word.to_owned() };
    assert_eq!(
        cloud.skipped,
        [nothing("非数"), nothing(""), nothing("无权"), Skipped::TooLong { word: long }]
    );
    assert_eq!(cloud.placed, 30);
}

#[test]
fn too_many_words_for_a_small_picture_are_left_out_from_the_end() {
    let settings = CloudSettings { width: 120, height: 90, ..small() };
    let cloud = drawn(&settings);
    assert!(cloud.placed > 5 && cloud.skipped.len() + cloud.placed == 30, "{cloud:?}");
    assert!(!cloud.skipped.contains(&Skipped::NoRoom { word: "智能体".to_owned() }));
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

//! What is inside of files of every kind, whole, cut, hostile and random.

use std::io::{Cursor, Write};

use ::tar::{Builder, EntryType, Header};
use ::zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};
use bzip2::write::BzEncoder;
use flate2::{Compression, write::GzEncoder};
use liblzma::write::XzEncoder;
use proptest::prelude::*;

use super::*;

const TEXT: &[u8] = b"{\"id\":1}\n{\"id\":2}\n";

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut packer = BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut packer = XzEncoder::new(Vec::new(), 1);
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

type Packer = fn(&[u8]) -> Vec<u8>;
const PACKERS: [Packer; 4] = [gz, zst, bz2, xz];

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        // `append_data` refuses the names that matter here, so the short ones are written as they are.
        let field = &mut header.as_old_mut().name;
        if let Some(room) = field.get_mut(..name.len()) {
            room.copy_from_slice(name.as_bytes());
            header.set_cksum();
            builder.append(&header, *content).unwrap();
        } else {
            builder.append_data(&mut header, name, *content).unwrap();
        }
    }
    builder.into_inner().unwrap()
}

fn zip_as(method: CompressionMethod, members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    zip_as(CompressionMethod::Deflated, members)
}

/// A member with its name, what of it could be read, and what went wrong.
type Found = (String, Vec<u8>, Option<io::Error>);

fn walk(origin: Origin<'_>, caps: &Caps) -> (Vec<Found>, Option<Fault>) {
    let mut found = Vec::new();
    let outcome = unpack(origin, caps, &mut |name, content| {
        let mut bytes = Vec::new();
        let fault = match content {
            Ok(reader) => reader.read_to_end(&mut bytes).err(),
            Err(fault) => Some(fault.into()),
        };
        found.push((name.to_owned(), bytes, fault));
        ControlFlow::Continue(())
    });
    (found, outcome.err())
}

fn from_stream(bytes: &[u8]) -> Origin<'_> {
    Origin::Stream(Box::new(bytes))
}

fn from_file(bytes: &[u8]) -> Origin<'static> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    Origin::File(file)
}

/// Shows each member as `name=text`, each fault as `name!reason`, from a file as from a stream.
#[track_caller]
fn check(bytes: &[u8], expected: &[&str]) {
    for origin in [from_stream(bytes), from_file(bytes)] {
        let (found, outcome) = walk(origin, &Caps::default());
        let mut shown = Vec::new();
        for (name, bytes, fault) in found {
            let text = String::from_utf8_lossy(&bytes);
            shown.extend((fault.is_none() || !text.is_empty()).then(|| format!("{name}={text}")));
            shown.extend(fault.map(|fault| format!("{name}!{fault}")));
        }
        shown.extend(outcome.map(|fault| format!("!{fault}")));
        assert_eq!(shown, expected);
    }
}

#[test]
fn the_first_bytes_decide() {
    check(b"", &["="]);
    check(b"one two", &["=one two"]);
    check(b"\x1f", &["=\x1f"]);
    check(b"BZ", &["=BZ"]);
    check(format!("{:300}ustar", "").as_bytes(), &[&format!("={:300}ustar", "")]);
    for pack in PACKERS {
        check(&pack(b""), &["="]);
        check(&[pack(b"one "), pack(b""), pack(b"two")].concat(), &["=one two"]);
    }
    check(&[&b"\x50\x2a\x4d\x18\x02\0\0\0hi"[..], &zst(b"one")].concat(), &["=one"]);
    check(b"7z\xbc\xaf\x27\x1c\0\x04", &["!packed as 7z, which is not read"]);
}

#[test]
fn members_of_a_tar_come_in_its_order() {
    let long = format!("{}/x.jsonl", "long-".repeat(30));
    let members = tar(&[("b.jsonl", b"one"), ("./a//b.jsonl", b"two"), (&long, b"three"), ("empty", b"")]);
    let expected = ["b.jsonl=one", "a/b.jsonl=two", &format!("{long}=three"), "empty="];
    check(&members, &expected);
    for pack in PACKERS {
        check(&pack(&members), &expected);
    }
    check(&[members.clone(), tar(&[("c", b"four")])].concat(), &[&expected[..], &["c=four"]].concat());
    let mut old = Builder::new(Vec::new());
    let mut header = Header::new_old();
    header.set_path("old").unwrap();
    header.set_size(1);
    header.set_cksum();
    old.append(&header, &b"1"[..]).unwrap();
    check(&old.into_inner().unwrap(), &["old=1"]);
    let mut pax = Builder::new(Vec::new());
    pax.append_pax_extensions([("path", "字".repeat(60).as_bytes())]).unwrap();
    let mut header = Header::new_ustar();
    header.set_size(1);
    header.set_cksum();
    pax.append(&header, &b"1"[..]).unwrap();
    check(&pax.into_inner().unwrap(), &[&format!("{}=1", "字".repeat(60))]);
}

#[test]
fn members_of_a_zip_come_by_name() {
    let members: [(&str, &[u8]); 4] = [("b", b"two"), ("a/x", b"one"), ("字", b"three"), ("empty", b"")];
    let methods = [
        CompressionMethod::Stored,
        CompressionMethod::Deflated,
        CompressionMethod::Bzip2,
        CompressionMethod::Zstd,
    ];
    for method in methods {
        check(&zip_as(method, &members), &["a/x=one", "b=two", "empty=", "字=three"]);
    }
    check(&gz(&zip(&members[..1])), &["b=two"]);
    check(&zip(&[]), &[]);
}

#[test]
fn a_member_may_be_compressed_once() {
    for pack in PACKERS {
        let members: [(&str, &[u8]); 2] = [("a.jsonl.gz", &pack(b"one")), ("b", b"two")];
        check(&tar(&members), &["a.jsonl.gz=one", "b=two"]);
        check(&gz(&tar(&members)), &["a.jsonl.gz=one", "b=two"]);
        check(&zip(&members), &["a.jsonl.gz=one", "b=two"]);
    }
    let (nested, in_zip) = (Fault::Nested.to_string(), zip(&[("x", b"1")]));
    let members: [(&str, &[u8]); 4] =
        [("a.tar", &tar(&[("x", b"1")])), ("b.zip", &in_zip), ("c", &gz(&gz(b"1"))), ("d", b"ok")];
    let refused = ["a.tar", "b.zip", "c"].map(|name| format!("{name}!{nested}"));
    let expected = [&refused[0], &refused[1], &refused[2], "d=ok"];
    check(&tar(&members), &expected);
    check(&zip(&members), &expected);
    check(&gz(&gz(b"1")), &[&format!("!{nested}")]);
}

#[test]
fn a_name_that_leaves_the_folder_is_refused() {
    let names = ["/etc/x", "../x", "C:/x", "a/../../x", "a\\..\\x"];
    let members: Vec<(&str, &[u8])> =
        names.iter().map(|name| (*name, &b"1"[..])).chain([("a", &b"2"[..])]).collect();
    let refused = names.map(|name| format!("{name}!{}", Fault::Name));
    let in_order: Vec<&str> = refused.iter().map(String::as_str).chain(["a=2"]).collect();
    check(&tar(&members), &in_order);
    let by_name = [&refused[1], &refused[0], &refused[2], "a=2", &refused[3], &refused[4]];
    check(&zip(&members), &by_name);
    check(
        &zip(&[("a\0b", b"1"), ("\u{202e}", b"2")]),
        &[&format!("ab!{}", Fault::Name), &format!("?!{}", Fault::Name)],
    );
    check(&tar(&[("a/.\u{200b}./x", b"1")]), &[&format!("a/../x!{}", Fault::Name)]);
    check(&tar(&[("a\n\u{1b}[2Jb", b"1")]), &["a [2Jb=1"]);
}

#[test]
fn what_desktops_leave_beside_the_files_is_skipped() {
    let members: [(&str, &[u8]); 5] =
        [("__MACOSX/._a", b"1"), ("x/._a", b"1"), ("x/", b""), ("x/.DS_Store", b"1"), ("x/a", b"2")];
    check(&tar(&members), &["x/a=2"]);
    check(&zip(&members), &["x/a=2"]);
}

#[test]
fn only_files_are_read_of_a_tar() {
    let mut builder = Builder::new(Vec::new());
    for kind in [EntryType::Symlink, EntryType::Link, EntryType::Char, EntryType::Fifo, EntryType::Directory]
    {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(0);
        builder.append_link(&mut header, "x", "/etc/passwd").unwrap();
    }
    builder.append_pax_extensions([("GNU.sparse.major", &b"1"[..])]).unwrap();
    let mut header = Header::new_ustar();
    header.set_path("sparse").unwrap();
    header.set_size(1);
    header.set_cksum();
    builder.append(&header, &b"1"[..]).unwrap();
    let refused = format!("x!{}", Fault::NoFile);
    let sparse = "sparse!packed as a sparse file in POSIX form, which is not read";
    check(&builder.into_inner().unwrap(), &[&refused, &refused, &refused, &refused, sparse]);
}

/// A GNU sparse file: a hole of so many bytes, then `x`.
fn sparse(hole: u64) -> Vec<u8> {
    let mut header = Header::new_gnu();
    header.set_path("holes").unwrap();
    header.set_size(1);
    header.set_entry_type(EntryType::GNUSparse);
    let gnu = header.as_gnu_mut().unwrap();
    gnu.set_real_size(hole + 1);
    gnu.sparse[0].offset = octal(hole);
    gnu.sparse[0].numbytes = octal(1);
    header.set_cksum();
    let mut builder = Builder::new(Vec::new());
    builder.append(&header, &b"x"[..]).unwrap();
    builder.into_inner().unwrap()
}

fn octal(number: u64) -> [u8; 12] {
    format!("{number:011o}\0").into_bytes().try_into().unwrap()
}

#[test]
fn a_sparse_file_has_its_holes() {
    check(&sparse(512), &[&format!("holes={}x", "\0".repeat(512))]);
    let (found, outcome) =
        walk(from_stream(&sparse((8 << 30) - 2)), &Caps { ratio_after: 9999, ..Caps::default() });
    assert_eq!(found[0].2.as_ref().unwrap().kind(), ErrorKind::FileTooLarge);
    assert!(outcome.is_some());
}

/// Changes two bytes of each header of a zip, the local and the listed.
fn patch(mut bytes: Vec<u8>, offset: usize, value: u8) -> Vec<u8> {
    for (magic, shift) in [(&b"PK\x03\x04"[..], 0), (&b"PK\x01\x02"[..], 2)] {
        let start = bytes.windows(4).position(|four| four == magic).unwrap();
        bytes[start + offset + shift] = value;
    }
    bytes
}

#[test]
fn a_member_of_a_zip_that_cannot_be_read_costs_itself_only() {
    let members = || zip(&[("a", TEXT), ("b", b"ok")]);
    check(&patch(members(), 6, 1), &["a!encrypted", "b=ok"]);
    check(&patch(members(), 8, 97), &["a!packed as zip method (97), which is not read", "b=ok"]);
    let text = String::from_utf8_lossy(TEXT);
    check(&patch(members(), 14, 0), &[&format!("a={text}"), "a!Invalid checksum", "b=ok"]);

    let mut link = ZipWriter::new(Cursor::new(Vec::new()));
    link.add_symlink("a", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let refused = format!("a!{}", Fault::NoFile);
    check(&link.finish().unwrap().into_inner(), &[&refused]);

    let mut twice = zip(&[("aa", b"1"), ("ab", b"2")]);
    while let Some(at) = twice.windows(2).position(|two| two == b"ab") {
        twice[at + 1] = b'a';
    }
    check(&twice, &["aa=2", &format!("!{}", Fault::SameName)]);
}

#[test]
fn a_visitor_may_stop() {
    for archive in [tar(&[("a", b"1"), ("b", b"2")]), zip(&[("a", b"1"), ("b", b"2")])] {
        let mut visited = 0;
        let stop = &mut |_: &str, _: Result<&mut dyn BufRead, Fault>| {
            visited += 1;
            ControlFlow::Break(())
        };
        unpack(from_stream(&archive), &Caps::default(), stop).unwrap();
        assert_eq!(visited, 1);
        let mut names = String::new();
        let skip = &mut |name: &str, _: Result<&mut dyn BufRead, Fault>| {
            names.push_str(name);
            ControlFlow::Continue(())
        };
        unpack(from_stream(&archive), &Caps::default(), skip).unwrap();
        assert_eq!(names, "ab", "a member need not be read");
    }
}

#[test]
fn the_cap_counts_what_comes_out() {
    let caps = Caps { bytes: 500, ..Caps::default() };
    for pack in PACKERS {
        let (found, outcome) = walk(from_stream(&pack(&vec![b'x'; 100_000])), &caps);
        let (_, bytes, fault) = &found[0];
        assert_eq!((bytes.len(), fault.as_ref().unwrap().kind()), (500, ErrorKind::FileTooLarge));
        assert!(outcome.is_none());
        assert!(walk(from_stream(&pack(&[b'x'; 500])), &caps).0[0].2.is_none());
    }
}

/// Bytes that come out before reading ends with [`ErrorKind::FileTooLarge`].
#[track_caller]
fn blast(origin: Origin<'_>, caps: &Caps) -> usize {
    let (found, outcome) = walk(origin, caps);
    let told = found.into_iter().map(|(_, bytes, fault)| (bytes.len(), fault));
    let all: Vec<_> = told.chain([(0, outcome.map(io::Error::from))]).collect();
    let kinds: Vec<_> = all.iter().filter_map(|(_, fault)| fault.as_ref()).map(io::Error::kind).collect();
    assert!(kinds.contains(&ErrorKind::FileTooLarge), "{kinds:?}");
    all.iter().map(|(bytes, _)| bytes).sum()
}

#[test]
fn bombs_end_early() {
    let zeros = vec![0; 8 << 20];
    let caps = Caps { ratio: 100, ratio_after: 1 << 20, ..Caps::default() };
    for pack in PACKERS {
        let bomb = pack(&zeros);
        let most = (100 * bomb.len()).max(1 << 20);
        assert!(blast(from_stream(&bomb), &caps) <= most);
        let in_tar = tar(&[("a", b"1"), ("bomb", &bomb), ("b", b"2")]);
        assert!(blast(from_stream(&in_tar), &caps) <= (100 * in_tar.len()).max(1 << 20));
        let tar_of_zeros = pack(&tar(&[("zeros", &zeros)]));
        assert!(blast(from_stream(&tar_of_zeros), &caps) <= most + 9999);
    }
    let bomb = zip(&[("a", &zeros), ("b", &zeros), ("c", b"1")]);
    for origin in [from_stream(&bomb), from_file(&bomb)] {
        assert!(blast(origin, &caps) <= (100 * bomb.len()).max(1 << 20));
    }
    assert_eq!(blast(from_stream(&zst(&vec![0; 80 << 20])), &Caps::default()), 64 << 20);
}

#[test]
fn members_are_counted() {
    let members: [(&str, &[u8]); 3] = [("a", b"1"), ("b/", b""), ("c", b"2")];
    for archive in [tar(&members), zip(&members)] {
        let (found, outcome) = walk(from_stream(&archive), &Caps { members: 2, ..Caps::default() });
        assert_eq!(found.len(), 1);
        assert!(matches!(outcome, Some(Fault::Members(2))), "{outcome:?}");
    }
}

#[test]
fn names_are_not_held_in_memory_at_any_length() {
    let mut header = Header::new_gnu();
    header.set_path("././@LongLink").unwrap();
    header.set_entry_type(EntryType::GNULongName);
    header.set_size(40 << 20);
    header.set_cksum();
    let mut builder = Builder::new(Vec::new());
    builder.append(&header, &vec![b'x'; 40 << 20][..]).unwrap();
    assert_eq!(blast(from_stream(&builder.into_inner().unwrap()), &Caps::default()), 0);

    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..600 {
        let name = format!("{number}{}", "x".repeat(60_000));
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    let (_, outcome) = walk(from_file(&bytes), &Caps::default());
    assert_eq!(io::Error::from(outcome.unwrap()).kind(), ErrorKind::FileTooLarge);
}

#[test]
fn a_huge_window_is_refused() {
    let mut wide = XzEncoder::new_stream(Vec::new(), {
        let mut options = liblzma::stream::LzmaOptions::new_preset(1).unwrap();
        options.dict_size(256 << 20);
        let mut filters = liblzma::stream::Filters::new();
        filters.lzma2(&options);
        liblzma::stream::Stream::new_stream_encoder(&filters, liblzma::stream::Check::None).unwrap()
    });
    wide.write_all(b"one").unwrap();
    let (found, _) = walk(from_stream(&wide.finish().unwrap()), &Caps::default());
    assert!(found[0].2.is_some() && found[0].1.is_empty());
}

/// Files of all kinds with the same text in them.
fn files() -> Vec<Vec<u8>> {
    let members = [("a", TEXT), ("b.gz", &gz(TEXT)), ("c", TEXT)];
    let mut files: Vec<_> = PACKERS.iter().map(|pack| pack(TEXT)).collect();
    files.extend([tar(&members), zip(&members), zip_as(CompressionMethod::Stored, &members)]);
    files.extend(PACKERS.map(|pack| pack(&tar(&members))));
    files
}

/// A file that is cut gives the beginning of what it has, and says so unless all is there.
#[test]
fn a_cut_file_gives_what_it_has() {
    for file in files() {
        let (whole, fault) = walk(from_stream(&file), &Caps::default());
        assert!(fault.is_none());
        let first = if packed_or_zip(&file) { 6 } else { 512 };
        for cut in (first..file.len()).filter(|cut| file.len() < 2000 || cut % 7 == 0) {
            for origin in [from_stream(&file[..cut]), from_file(&file[..cut])] {
                let (found, outcome) = walk(origin, &Caps::default());
                let told = outcome.is_some() || found.iter().any(|(_, _, fault)| fault.is_some());
                let all = found.iter().map(|(_, text, _)| text).eq(whole.iter().map(|(_, text, _)| text));
                assert!(told || all, "{cut} of {}", file.len());
                // Too short to be known as packed or as a tar, it stands as it is.
                let begins = |had: &Found, all: &Found| {
                    all.1.starts_with(&had.1) || had.1.len() < 512 && had.2.is_some()
                };
                assert!(
                    found.iter().zip(&whole).all(|(had, all)| begins(had, all)),
                    "{cut} of {}",
                    file.len()
                );
            }
        }
    }
}

fn packed_or_zip(file: &[u8]) -> bool {
    Peeked::new(file).kind() != Kind::Tar
}

#[test]
fn members_before_the_cut_are_read() {
    let members = [("a", TEXT), ("b", TEXT), ("c", TEXT)];
    for archive in [tar(&members), zip(&members)] {
        let at = archive.windows(1).len() * 2 / 3;
        let (found, outcome) = walk(from_stream(&archive[..at]), &Caps::default());
        assert!(!found.is_empty() && found[0].1 == TEXT && found[0].2.is_none());
        assert!(outcome.is_some());
    }
    for pack in PACKERS {
        let two = [pack(TEXT), pack(b"rest")].concat();
        let (found, _) = walk(from_stream(&two[..two.len() - 9]), &Caps::default());
        assert!(found[0].1.starts_with(TEXT) && found[0].2.is_some());
        let rubbish = [pack(TEXT), b"rubbish".to_vec()].concat();
        let (found, _) = walk(from_stream(&rubbish), &Caps::default());
        assert!(found[0].1 == TEXT && found[0].2.is_some());
    }
}

const MAGICS: [&[u8]; 9] = [
    b"",
    b"\x1f\x8b\x08\0\0\0\0\0\0\0",
    b"\x28\xb5\x2f\xfd",
    b"BZh91AY&SY",
    b"\xfd7zXZ\0\0\x04",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x50\x2a\x4d\x18",
    b"Rar!\x1a\x07",
];

proptest! {
    #[test]
    fn random_bytes_behind_a_magic_end(magic in 0..MAGICS.len(), bytes: Vec<u8>) {
        let file = [MAGICS[magic], &bytes].concat();
        walk(from_stream(&file), &Caps::default());
    }

    #[test]
    fn changed_bytes_end(file in 0..11_usize, changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let mut file = files().swap_remove(file);
        for (place, byte) in changes {
            let place = place.index(file.len());
            file[place] = byte;
        }
        walk(from_stream(&file), &Caps { bytes: 1 << 20, ..Caps::default() });
    }

    #[test]
    fn a_random_tar_header_ends(place in 0..512_usize, bytes in proptest::collection::vec(any::<u8>(), 1..40)) {
        let mut file = tar(&[("a", TEXT), ("b", TEXT)]);
        for (old, new) in file.iter_mut().skip(place).zip(bytes) {
            *old = new;
        }
        if let Some(block) = file.get_mut(..512) {
            let header = Header::from_byte_slice(block);
            let mut sound = header.clone();
            sound.set_cksum();
            block.copy_from_slice(sound.as_bytes());
        }
        walk(from_stream(&file), &Caps { bytes: 1 << 20, ..Caps::default() });
    }
}

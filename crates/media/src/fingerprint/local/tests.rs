//! Spots of made-up scenes and of their copies.

use super::*;
use proptest::prelude::*;

/// A scene of blobs and bars, from a seed; `place` says which point of the scene a pixel shows.
pub(crate) fn scene(seed: u64, width: usize, height: usize, place: impl Fn(f32, f32) -> (f32, f32)) -> Luma {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1_u64 << 24) as f32
    };
    let blobs: Vec<[f32; 6]> = (0..140)
        .map(|_| [draw() * 400.0, draw() * 300.0, 3.0 + draw() * 22.0, 0.3 + draw() * 0.7, draw() * 3.2, draw() * 160.0 - 80.0])
        .collect();
    Luma::from_fn(width, height, |x, y| {
        let (px, py) = place(x as f32, y as f32);
        let mut value = 128.0;
        for [x, y, size, flat, angle, light] in &blobs {
            let (sin, cos) = angle.sin_cos();
            let (dx, dy) = (px - x, py - y);
            let (along, across) = ((dx * cos + dy * sin) / size, (dy * cos - dx * sin) / (size * flat));
            value += light / (1.0 + (along * along + across * across).powi(3));
        }
        value.clamp(0.0, 255.0)
    })
}

fn plain(seed: u64) -> Luma {
    scene(seed, 400, 300, |x, y| (x, y))
}

#[test]
fn a_crop_is_placed_where_it_was_cut() {
    let whole = Details::of(&plain(3), Details::MOST);
    assert!(whole.spots().len() > 100, "{}", whole.spots().len());
    let part = Details::of(&scene(3, 500, 375, |x, y| (90.0 + x * 0.48, 70.0 + y * 0.48)), Details::MOST);
    let likeness = part.likeness(&whole).unwrap();
    assert!(likeness.is_match(), "{likeness:?}");
    let Placement { mirrored, scale, angle, x, y } = likeness.placement;
    assert!(!mirrored && (scale - 0.48).abs() < 0.01 && angle.abs() < 1.0, "{likeness:?}");
    assert!((x - 90.0).abs() < 3.0 && (y - 70.0).abs() < 3.0, "{likeness:?}");
}

#[test]
fn a_mirror_image_and_a_turned_one_are_found() {
    let whole = Details::of(&plain(4), Details::MOST);
    let mirror = Details::of(&scene(4, 400, 300, |x, y| (399.0 - x, y)), Details::MOST);
    let likeness = mirror.likeness(&whole).unwrap();
    assert!(likeness.is_match() && likeness.placement.mirrored, "{likeness:?}");
    let (sin, cos) = 0.2_f32.sin_cos();
    let turned = scene(4, 400, 300, |x, y| {
        let (dx, dy) = (x - 200.0, y - 150.0);
        (200.0 + dx * cos - dy * sin, 150.0 + dx * sin + dy * cos)
    });
    let likeness = Details::of(&turned, Details::MOST).likeness(&whole).unwrap();
    assert!(likeness.is_match(), "{likeness:?}");
    assert!((likeness.placement.angle - 0.2_f32.to_degrees()).abs() < 1.0, "{likeness:?}");
}

#[test]
fn other_scenes_do_not_match() {
    let all: Vec<Details> = (10..22).map(|seed| Details::of(&plain(seed), Details::MOST)).collect();
    for (at, one) in all.iter().enumerate() {
        for two in &all[at + 1..] {
            assert!(!one.likeness(two).is_some_and(|likeness| likeness.is_match()), "{at}");
        }
    }
}

#[test]
fn a_common_stamp_is_not_a_common_picture() {
    let stamped = |seed| {
        let (mut picture, stamp) = (plain(seed), plain(99));
        for y in 200..290 {
            for x in 20..180 {
                picture.values[y * 400 + x] = stamp.at(x as isize, y as isize);
            }
        }
        Details::of(&picture, Details::MOST)
    };
    let likeness = stamped(30).likeness(&stamped(31));
    assert!(!likeness.is_some_and(|likeness| likeness.is_match()), "{likeness:?}");
}

#[test]
fn a_picture_without_spots_has_none() {
    let flat = Details::of(&Luma::from_fn(300, 200, |_, _| 90.0), Details::MOST);
    assert_eq!(flat.spots(), []);
    assert_eq!(flat.likeness(&flat), None);
    assert_eq!(Details::of(&Luma::from_fn(1, 1, |_, _| 0.0), Details::MOST).spots(), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Most spots of a mirror image are the mirrored spots, but for rounding.
    #[test]
    fn mirrored_spots_are_those_of_the_mirror_image(seed in any::<u64>()) {
        let here = Details::of(&plain(seed), Details::MOST).mirrored();
        let there = Details::of(&scene(seed, 400, 300, |x, y| (399.0 - x, y)), Details::MOST);
        let found = here.spots().iter().filter(|spot| {
            there.spots().iter().any(|other| {
                let near = |one: u16, two: u16| one.abs_diff(two) <= 96;
                let bits: u32 = spot.description.iter().zip(&other.description).map(|(one, two)| (one ^ two).count_ones()).sum();
                let turn = spot.direction.wrapping_sub(other.direction);
                near(spot.x, other.x) && near(spot.y, other.y) && turn.min(turn.wrapping_neg()) <= 8 && bits <= 60
            })
        }).count();
        // The raster of cells of the other picture starts at the other side, so that not all the same are chosen.
        prop_assert!(found * 10 >= here.spots().len() * 6, "{found} of {}", here.spots().len());
    }
}

proptest! {
    /// What is stored is what is read, and other bytes are none.
    #[test]
    fn bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..200), count in 0..4_u16) {
        let _ = Details::from_bytes(&bytes);
        let mut form = vec![0, 2, 0, 1];
        form.extend(count.to_le_bytes());
        form.extend(bytes.iter().cycle().take(if bytes.is_empty() { 0 } else { usize::from(count) * Spot::BYTES }));
        match Details::from_bytes(&form) {
            Some(details) => prop_assert_eq!(details.to_bytes(), form),
            None => prop_assert!(bytes.is_empty() && count > 0),
        }
    }

    /// A mirror image of a mirror image is the picture.
    #[test]
    fn twice_mirrored_is_the_same(words in any::<[u64; 4]>()) {
        prop_assert_eq!(describe::mirrored(&describe::mirrored(&words)), words);
    }

    /// Any spots agree or do not, without overflow.
    #[test]
    fn any_spots_can_be_compared(bytes in prop::collection::vec(any::<u8>(), 12 * Spot::BYTES), width in 1..900_u16) {
        let mut form = width.to_le_bytes().to_vec();
        form.extend([200, 0, 12, 0]);
        form.extend(&bytes);
        let details = Details::from_bytes(&form).unwrap();
        let _ = details.likeness(&details);
    }
}

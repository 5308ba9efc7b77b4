#!/usr/bin/env python3
"""How well are pictures found again? Recall and false matches of our fingerprints beside pdqhash and imagehash, in one run.

    cargo build -p dateline-media --example resemble
    python3 -m venv VENV && VENV/bin/pip install pdqhash imagehash pillow numpy scikit-image
    VENV/bin/python scripts/media_recall.py --resemble target/debug/examples/resemble [--pictures 100] [--asked 24] [--work DIR] [--extra DIR]

The pictures are made here from seeds: scenes with sky, ground, houses, people-sized figures, textures and signs, no two of the same
plan. Half of those that are not asked about carry the same stamp or are screenshots of the same program. With scikit-image installed, its openly licensed photographs come on top, and those of --extra DIR. All go into the index; of the
first ones (and of all photographs) copies are made by each change and asked about. Found is what the methods take for the same picture:
PDQ at 31 of 256 bits, phash at 8 of 64. A false match is another picture among those found.
"""
import argparse
import io
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import tempfile
import time

import imagehash
import numpy as np
import pdqhash
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

# ---------------------------------------------------------------- pictures


def noise(rng, width, height, octaves):
    """Cloud-like brightness between 0 and 1."""
    total, weight = np.zeros((height, width)), 0.0
    for octave in octaves:
        grid = rng.random((max(2, height // octave + 2), max(2, width // octave + 2)))
        layer = np.asarray(Image.fromarray((grid * 255).astype("uint8")).resize((width, height), Image.BICUBIC), dtype=float) / 255
        total, weight = total + layer * octave, weight + octave
    return total / weight


def scene(seed):
    """A made-up street, field or yard."""
    rng, r = np.random.default_rng(seed), random.Random(seed)
    width, height = r.choice([(1280, 960), (1280, 720), (960, 1280), (1080, 1080), (1600, 1067)])
    horizon = int(height * r.uniform(0.25, 0.65))
    sky, ground = [np.array([r.randint(60, 235) for _ in range(3)]) for _ in range(2)]
    clouds = noise(rng, width, height, r.sample([32, 64, 128, 256], 3))
    grain = noise(rng, width, height, r.sample([2, 4, 8, 16, 48], 3))
    pixels = np.zeros((height, width, 3))
    fade = np.linspace(0.7, 1.2, height)[:, None, None]
    pixels[:] = sky * fade * (0.6 + 0.6 * clouds[..., None])
    pixels[horizon:] = (ground * (0.35 + 1.1 * grain[..., None]))[horizon:]
    image = Image.fromarray(pixels.clip(0, 255).astype("uint8"))
    draw = ImageDraw.Draw(image)
    shade = lambda: tuple(r.randint(15, 240) for _ in range(3))
    for _ in range(r.randint(3, 9)):  # houses, some broken
        w, h = r.randint(80, width // 3), r.randint(80, int(height * 0.6))
        x, y = r.randint(-40, width - 40), min(height, horizon + r.randint(-10, height // 5)) - h
        wall = shade()
        top = [(x, y), (x + w, y)]
        if r.random() < 0.4:
            top = [(x + w * i / 6, y + r.uniform(0, h * 0.4)) for i in range(7)]
        draw.polygon(top + [(x + w, y + h), (x, y + h)], fill=wall)
        if r.random() < 0.5:
            draw.polygon([(x - 8, y), (x + w / 2, y - r.randint(20, 90)), (x + w + 8, y)], fill=shade())
        pitch, size = r.randint(24, 60), r.uniform(0.35, 0.7)
        for wx in range(x + 10, x + w - pitch, pitch):
            for wy in range(y + 14, y + h - pitch, int(pitch * 1.3)):
                if r.random() < 0.85:
                    draw.rectangle([wx, wy, wx + pitch * size, wy + pitch * size * 1.2], fill=shade() if r.random() < 0.3 else (20, 25, 35))
    for _ in range(r.randint(5, 40)):  # trees, debris, figures
        x, y, s = r.randint(0, width), r.randint(horizon, height), r.randint(8, 90)
        kind = r.random()
        if kind < 0.35:
            draw.rectangle([x - s / 12, y - s, x + s / 12, y], fill=(60, 40, 25))
            for _ in range(9):
                dx, dy, q = r.uniform(-s / 2, s / 2), r.uniform(-s * 1.7, -s * 0.7), r.uniform(s / 6, s / 2)
                draw.ellipse([x + dx - q, y + dy - q, x + dx + q, y + dy + q], fill=(r.randint(10, 90), r.randint(60, 150), r.randint(10, 70)))
        elif kind < 0.7:
            draw.polygon([(x + r.uniform(-s, s), y + r.uniform(-s, s) / 2) for _ in range(r.randint(3, 7))], fill=shade())
        else:
            draw.ellipse([x - s / 8, y - s, x + s / 8, y - s * 0.75], fill=shade())
            draw.rectangle([x - s / 6, y - s * 0.75, x + s / 6, y - s * 0.3], fill=shade())
            draw.rectangle([x - s / 7, y - s * 0.3, x + s / 7, y], fill=shade())
    for _ in range(r.randint(0, 3)):  # signs
        x, y = r.randint(0, width - 200), r.randint(0, height - 60)
        draw.rectangle([x, y, x + 190, y + 50], fill=shade())
        draw.text((x + 8, y + 8), "".join(r.choice("ABCDEFGHKLMNOPRSTUVZ0123456789 ") for _ in range(9)), fill=shade(), font_size=30)
    pixels = np.asarray(image).astype(float)
    pixels += rng.normal(0, r.uniform(1, 5), pixels.shape) + ((noise(rng, width, height, [4, 9, 21]) - 0.5) * r.uniform(10, 60))[..., None]
    return Image.fromarray(pixels.clip(0, 255).astype("uint8")).filter(ImageFilter.GaussianBlur(r.uniform(0.4, 1.2)))


# ---------------------------------------------------------------- changes


def crop(share):
    def change(image, r):
        """Takes away a share of each side's length, from the edges by chance."""
        w, h = image.size
        left, top = r.uniform(0, share) * w, r.uniform(0, share) * h
        return image.crop((int(left), int(top), int(left + w * (1 - share)), int(top + h * (1 - share))))

    return change


def recompress(image, quality):
    data = io.BytesIO()
    image.save(data, "JPEG", quality=quality)
    return Image.open(io.BytesIO(data.getvalue())).convert("RGB")


def stamp(image, r):
    w, h = image.size
    image = image.copy()
    draw = ImageDraw.Draw(image, "RGBA")
    x, y = r.choice([(0.04, 0.04), (0.6, 0.05), (0.05, 0.82), (0.55, 0.8)])
    draw.rectangle([x * w, y * h, (x + 0.36) * w, (y + 0.13) * h], fill=(200, 20, 20, 230))
    draw.text(((x + 0.02) * w, (y + 0.02) * h), "CHANNEL 24", fill=(255, 255, 255, 255), font_size=int(w * 0.055))
    draw.text((w * 0.2, h * 0.45), "t.me/channel24", fill=(255, 255, 255, 110), font_size=int(w * 0.08))
    return image


def border(image, r):
    w, h = image.size
    return ImageOps.expand(image, border=int(r.uniform(0.05, 0.12) * max(w, h)), fill=r.choice(["black", "white", (30, 60, 120)]))


def rotate(least, most):
    def change(image, r):
        angle = r.uniform(least, most) * r.choice([-1, 1])
        return image.rotate(angle, resample=Image.BICUBIC, expand=False, fillcolor=(0, 0, 0))

    return change


def colour(image, r):
    image = ImageEnhance.Color(image).enhance(r.choice([0.0, 0.4, 1.8]))
    image = ImageEnhance.Brightness(image).enhance(r.uniform(0.7, 1.35))
    return ImageEnhance.Contrast(image).enhance(r.uniform(0.7, 1.4))


def screenshot(image, r):
    """The picture in a messenger on a phone: bars, a caption, buttons."""
    phone = Image.new("RGB", (1080, 2220), r.choice([(255, 255, 255), (18, 22, 28), (230, 226, 214)]))
    draw = ImageDraw.Draw(phone)
    dark = phone.getpixel((5, 5))[0] < 100
    ink = (235, 235, 235) if dark else (20, 20, 20)
    draw.text((40, 20), f"{r.randint(0, 23):02}:{r.randint(0, 59):02}", fill=ink, font_size=38)
    draw.rectangle([960, 26, 1030, 56], outline=ink, width=4)
    draw.rectangle([0, 80, 1080, 210], fill=(60, 110, 170))
    draw.ellipse([40, 95, 140, 195], fill=(220, 120, 60))
    draw.text((170, 115), r.choice(["News of the hour", "Town chat", "Front line daily", "Channel 24"]), fill="white", font_size=52)
    w, h = image.size
    scale = min(1040 / w, 1300 / h)
    shown = image.resize((int(w * scale), int(h * scale)), Image.LANCZOS)
    top = 250
    phone.paste(shown, (20, top))
    y = top + shown.size[1] + 30
    for _ in range(r.randint(3, 7)):
        words = " ".join("".join(r.choice("abcdefghiklmnoprstuv") for _ in range(r.randint(2, 9))) for _ in range(6))
        draw.text((40, y), words[:42], fill=ink, font_size=42)
        y += 58
    draw.rectangle([0, 2080, 1080, 2220], fill=(240, 240, 240) if not dark else (40, 44, 52))
    draw.text((60, 2120), "Message", fill=(130, 130, 130), font_size=46)
    draw.ellipse([940, 2100, 1040, 2200], fill=(60, 140, 220))
    return phone


CHANGES = {
    "resize to 400": lambda image, r: ImageOps.contain(image, (400, 400)),
    "recompress q30": lambda image, r: recompress(image, 30),
    "recompress q10": lambda image, r: recompress(image, 10),
    "colour": colour,
    "stamp": stamp,
    "border 5-12%": border,
    "mirror": lambda image, r: ImageOps.mirror(image),
    "quarter turn": lambda image, r: image.transpose(Image.ROTATE_90),
    "rotate 2-5": rotate(2, 5),
    "rotate 5-10": rotate(5, 10),
    "crop 10%": crop(0.1),
    "crop 20%": crop(0.2),
    "crop 30%": crop(0.3),
    "crop 40%": crop(0.4),
    "phone screenshot": screenshot,
    "crop 20% + mirror + stamp": lambda image, r: stamp(ImageOps.mirror(crop(0.2)(image, r)), r),
    "another picture, stamped": None,
    "another picture, in a screenshot": None,
}

# ---------------------------------------------------------------- the run


def photographs(extra):
    found = []
    try:
        import skimage

        folder = os.path.join(os.path.dirname(skimage.__file__), "data")
        # Photographs only: drawings, textures and pages of print are left out.
        names = ["astronaut.png", "camera.png", "cell.png", "chelsea.png", "coffee.png", "coins.png", "hubble_deep_field.jpg",
                 "ihc.png", "moon.png", "motorcycle_left.png", "retina.jpg", "rocket.jpg"]
        found += [os.path.join(folder, name) for name in names]
    except ImportError:
        pass
    for folder in extra:
        found += [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    return [path for path in found if os.path.exists(path)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--resemble", required=True, help="the built example")
    parser.add_argument("--pictures", type=int, default=100)
    parser.add_argument("--asked", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", help="keep the pictures here")
    parser.add_argument("--extra", action="append", default=[], help="a folder of further photographs")
    options = parser.parse_args()
    work = options.work or tempfile.mkdtemp()
    originals, copies = os.path.join(work, "originals"), os.path.join(work, "copies")
    if not os.path.isdir(originals):
        os.makedirs(originals)
        os.makedirs(copies)
        asked = []
        with multiprocessing.Pool() as pool:
            scenes = pool.map(scene, [options.seed * 100_000 + at for at in range(options.pictures)], chunksize=4)
            others = pool.map(scene, [options.seed * 100_000 + 50_000 + at for at in range(options.asked)], chunksize=4)
        for at, image in enumerate(scenes):
            if at >= options.asked and at % 4 < 2:
                # Others from the same channel and in the same program: what they have in common with the copies is no common picture.
                image = (stamp if at % 4 else screenshot)(image, random.Random(at))
            image.save(os.path.join(originals, f"scene{at:05}.jpg"), quality=92)
            if at < options.asked:
                asked.append((f"scene{at:05}", image))
        for path in photographs(options.extra):
            image = Image.open(path).convert("RGB")
            name = "photo-" + os.path.splitext(os.path.basename(path))[0]
            image.save(os.path.join(originals, name + ".jpg"), quality=95)
            asked.append((name, image))
        for at, (name, image) in enumerate(asked):
            for number, (change, make) in enumerate(CHANGES.items()):
                r = random.Random(f"{options.seed} {name} {change}")
                if make is None:
                    other = others[at % len(others)]
                    image_of = stamp(other, r) if "stamped" in change else screenshot(other, r)
                else:
                    image_of = make(image, r)
                image_of.convert("RGB").save(os.path.join(copies, f"{name}__{number:02}.jpg"), quality=80)

    ours = {}
    took = None
    run = subprocess.run([options.resemble, originals, copies], check=True, capture_output=True, text=True)
    for line in run.stdout.splitlines():
        row = json.loads(line)
        if "copy" in row:
            ours[row["copy"]] = row
        else:
            took = row

    names = sorted(os.path.splitext(name)[0] for name in os.listdir(originals))
    vectors, hashes, spent = [], [], {"pdqhash": 0.0, "imagehash": 0.0}

    def hash_both(path):
        image = Image.open(path).convert("RGB")
        small = np.asarray(ImageOps.contain(image, (512, 512)) if max(image.size) > 512 else image)
        start = time.perf_counter()
        variants, _ = pdqhash.compute_dihedral(small)
        spent["pdqhash"] += time.perf_counter() - start
        start = time.perf_counter()
        phash = imagehash.phash(image).hash.ravel()
        spent["imagehash"] += time.perf_counter() - start
        return np.array(variants), phash

    for name in names:
        variants, phash = hash_both(os.path.join(originals, name + ".jpg"))
        vectors.append(variants[0])
        hashes.append(phash)
    vectors, hashes = np.array(vectors), np.array(hashes)

    methods = ["imagehash phash", "pdqhash", "pdqhash, 8 ways", "ours: PDQ", "ours: PDQ, 8 ways", "ours: parts", "ours: both"]
    table = {change: {method: [0, 0, 0] for method in methods} for change in CHANGES}
    bits = []
    for file in sorted(os.listdir(copies)):
        stem = os.path.splitext(file)[0]
        original, number = stem.rsplit("__", 1)
        change = list(CHANGES)[int(number)]
        variants, phash = hash_both(os.path.join(copies, file))
        near = lambda mask: {names[at] for at in np.nonzero(mask)[0]}
        row = ours[stem]
        theirs = np.frombuffer(bytes.fromhex(row["hex"]), dtype="uint8")
        bits.append(int((np.unpackbits(theirs) != variants[0]).sum()))
        parts = {found["of"] for found in row["parts"]}
        found = {
            "imagehash phash": near((hashes != phash).sum(1) <= 8),
            "pdqhash": near((vectors != variants[0]).sum(1) <= 31),
            "pdqhash, 8 ways": set().union(*[near((vectors != v).sum(1) <= 31) for v in variants]),
            "ours: PDQ": set(row["pdq"]),
            "ours: PDQ, 8 ways": set(row["any"]),
            "ours: parts": parts,
            "ours: both": set(row["any"]) | parts,
        }
        for method in methods:
            cell = table[change][method]
            right = original in found[method] and CHANGES[change] is not None
            cell[0] += right
            cell[1] += len(found[method]) - right
            cell[2] += 1

    print(f"{len(names)} pictures in the index, {len(ours)} copies asked about; found % / false matches\n")
    print("| change | " + " | ".join(methods) + " |")
    print("| --- |" + " ---: |" * len(methods))
    for change in CHANGES:
        cells = [f"{100 * right / count:.0f} / {false}" if CHANGES[change] else f"– / {false}" for right, false, count in table[change].values()]
        print(f"| {change} | " + " | ".join(cells) + " |")
    real = [change for change in CHANGES if CHANGES[change]]
    sums = [[sum(table[c][m][i] for c in (real if i != 1 else CHANGES)) for i in range(3)] for m in methods]
    print("| **all** | " + " | ".join(f"**{100 * right / count:.1f} / {false}**" for right, false, count in sums) + " |")
    total = len(names) + len(ours)
    print(f"\nPDQ, ours and pdqhash on the same files: {np.mean(bits):.1f} bits apart on average, at most {max(bits)}")
    print(f"pdqhash (8 ways, picture shrunk already) {1000 * spent['pdqhash'] / total:.2f} ms, phash {1000 * spent['imagehash'] / total:.2f} ms a picture")
    print("ours: " + ", ".join(f"{key} {value:.2f}" if isinstance(value, float) else f"{key} {value}" for key, value in took.items()))
    if not options.work:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()

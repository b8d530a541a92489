"""Trains the network of the kernel and writes weights.bin and held-out.bin beside this script.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python train.py

The images are scikit-learn's: 1,797 handwritten digits of 8 by 8 pixels, from the UCI repository's "Optical Recognition of Handwritten
Digits" by E. Alpaydin and C. Kaynak (CC BY 4.0). 450 of them are held out and never trained on.
"""

from pathlib import Path

import numpy as np
from scipy.ndimage import rotate, shift
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

SEED = 0
HELD_OUT = 450
HIDDEN = 32
# A weight is a byte that stands for the number it has more than this.
ZERO = 128
# As the kernel has it.
SHIFT = 6
FOLDER = Path(__file__).parent


def varied(images):
    """The images, and each as it is turned by 12 degrees and moved by half a pixel."""
    pictures = images.reshape(-1, 8, 8)
    turned = [rotate(pictures, angle, axes=(1, 2), reshape=False, order=1) for angle in (-12, 12)]
    ways = ((0, 0.5), (0, -0.5), (0.5, 0), (-0.5, 0))
    moved = [shift(pictures, (0, *way), order=1) for way in ways]
    return np.vstack([images, *(np.clip(picture, 0, 16).reshape(-1, 64) for picture in turned + moved)])


def quantised(weights, bias, unit):
    """Weights as whole numbers by row of the output, bias in their scale, and what one is worth; `unit` is what one of an input is."""
    worth = np.abs(weights).max() / 127
    scaled = np.rint(weights.T / worth).astype(np.int64)
    return scaled, np.rint(bias / (worth * unit)).astype(np.int64), worth


def hidden(images, weights, bias, bits):
    return np.clip((images @ weights.T + bias) >> bits, 0, 255)


def main():
    images, labels = load_digits(return_X_y=True)
    train, test, train_labels, test_labels = train_test_split(
        images, labels, test_size=HELD_OUT, random_state=SEED, stratify=labels
    )
    # Variations and `alpha` are what came out best of a cross-validation on the training images alone.
    network = MLPClassifier((HIDDEN,), alpha=1.0, max_iter=2_000, random_state=SEED)
    inputs = varied(train)
    network.fit(inputs, np.tile(train_labels, len(inputs) // len(train)))

    (first, second), (first_bias, second_bias) = network.coefs_, network.intercepts_
    first, first_bias, worth = quantised(first, first_bias, 1)
    train, test = train.astype(np.int64), test.astype(np.int64)
    # The shift with which what the training images come to fits a byte.
    most = (train @ first.T + first_bias).max()
    bits = max(0, int(most).bit_length() - 8)
    second, second_bias, _ = quantised(second, second_bias, worth * 2**bits)

    logits = hidden(test, first, first_bias, bits) @ second.T + second_bias
    exact = (network.predict(test) == test_labels).sum()
    right = (logits.argmax(axis=1) == test_labels).sum()
    assert bits == SHIFT, f"the kernel shifts by {SHIFT}, not by {bits}"
    print(f"of {HELD_OUT} held out: {exact} right in floating point, {right} in int8")

    parts = [first_bias.astype("<i4"), second_bias.astype("<i4"), (first + ZERO).astype(np.uint8), (second + ZERO).astype(np.uint8)]
    (FOLDER / "weights.bin").write_bytes(b"".join(part.tobytes() for part in parts))
    rows = np.column_stack([test_labels, test]).astype(np.uint8)
    (FOLDER / "held-out.bin").write_bytes(rows.tobytes())


main()

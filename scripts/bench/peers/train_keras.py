"""Trains and evaluates a network with Keras on TensorFlow: peer.py says how."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import tensorflow as tf
from keras import layers

import peer


def article():
    return keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ])


def badnets():
    return keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(16, 5, activation="relu"),
        layers.AveragePooling2D(2),
        layers.Conv2D(32, 5, activation="relu"),
        layers.AveragePooling2D(2),
        layers.Flatten(),
        layers.Dense(512, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])


def resnet():
    """20 layers, shortcuts of option B."""

    def normalised(x, filters, size, strides=1):
        x = layers.Conv2D(filters, size, strides, padding="same", use_bias=False)(x)
        return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)

    images = layers.Input((32, 32, 3))
    x = layers.ReLU()(normalised(images, 16, 3))
    for group, filters in enumerate((16, 32, 64)):
        for block in range(3):
            strides = 2 if group > 0 and block == 0 else 1
            y = layers.ReLU()(normalised(x, filters, 3, strides))
            y = normalised(y, filters, 3)
            shortcut = x if strides == 1 else normalised(x, filters, 1, strides)
            x = layers.ReLU()(layers.Add()([y, shortcut]))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(images, layers.Dense(10, activation="softmax")(x))


chosen = peer.options()
keras.utils.set_random_seed(1)
tf.config.threading.set_intra_op_parallelism_threads(chosen["threads"])
network = {"article": article, "badnets": badnets, "resnet": resnet}[chosen["network"]]()
network.compile(optimizer=keras.optimizers.Adam(), loss="categorical_crossentropy")


def prepare(data):
    return data.images, keras.utils.to_categorical(data.labels, 10)


def train(data, epochs):
    network.fit(*data, batch_size=chosen["batchSize"], epochs=epochs, shuffle=True, verbose=0)


def predict(data, batch):
    images, _ = data
    return network.predict(images, batch_size=batch, verbose=0).argmax(1)


peer.measure(
    chosen,
    prepare=prepare,
    train=train,
    predict=predict,
    about={"version": f"Keras {keras.__version__} on TensorFlow {tf.__version__}"},
)

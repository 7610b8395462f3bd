"""The works that define the layers and losses, as documents cite them."""

from __future__ import annotations

CONVOLUTION = (
    "V. Dumoulin and F. Visin: A guide to convolution arithmetic for deep learning. "
    "arXiv:1603.07285, 2016."
)
BATCH_NORM = (
    "S. Ioffe and C. Szegedy: Batch normalization: accelerating deep network training by reducing "
    "internal covariate shift. International Conference on Machine Learning, 2015."
)
ELU = (
    "D.-A. Clevert, T. Unterthiner and S. Hochreiter: Fast and accurate deep network learning by "
    "exponential linear units (ELUs). arXiv:1511.07289, 2015."
)
SILU = (
    "S. Elfwing, E. Uchibe and K. Doya: Sigmoid-weighted linear units for neural network function "
    "approximation in reinforcement learning. arXiv:1702.03118, 2017."
)
GELU = "D. Hendrycks and K. Gimpel: Gaussian error linear units (GELUs). arXiv:1606.08415, 2016."
LAYER_NORM = "J. L. Ba, J. R. Kiros and G. E. Hinton: Layer normalization. arXiv:1607.06450, 2016."
RMS_NORM = (
    "B. Zhang and R. Sennrich: Root mean square layer normalization. Advances in Neural "
    "Information Processing Systems, 2019."
)
GROUP_NORM = "Y. Wu and K. He: Group normalization. European Conference on Computer Vision, 2018."
INSTANCE_NORM = (
    "D. Ulyanov, A. Vedaldi and V. Lempitsky: Instance normalization: the missing ingredient for "
    "fast stylization. arXiv:1607.08022, 2016."
)
MISH = (
    "D. Misra: Mish: a self regularized non-monotonic activation function. arXiv:1908.08681, 2019."
)
PRELU = (
    "K. He, X. Zhang, S. Ren and J. Sun: Delving deep into rectifiers: surpassing human-level "
    "performance on ImageNet classification. International Conference on Computer Vision, 2015."
)
RELU6 = (
    "A. Krizhevsky: Convolutional deep belief networks on CIFAR-10. University of Toronto, 2010."
)
HARD_SWISH = (
    "A. Howard et al.: Searching for MobileNetV3. International Conference on Computer Vision, "
    "2019."
)
DROPOUT = (
    "N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov: Dropout: a simple "
    "way to prevent neural networks from overfitting. Journal of Machine Learning Research 15, "
    "2014."
)
PIXEL_SHUFFLE = (
    "W. Shi et al.: Real-time single image and video super-resolution using an efficient sub-pixel "
    "convolutional neural network. Conference on Computer Vision and Pattern Recognition, 2016."
)
CHANNEL_SHUFFLE = (
    "X. Zhang, X. Zhou, M. Lin and J. Sun: ShuffleNet: an extremely efficient convolutional neural "
    "network for mobile devices. Conference on Computer Vision and Pattern Recognition, 2018."
)
ATTENTION = (
    "A. Vaswani et al.: Attention is all you need. Advances in Neural Information Processing "
    "Systems, 2017."
)
IMAGENET = (
    "A. Krizhevsky, I. Sutskever and G. Hinton: ImageNet classification with deep convolutional "
    "neural networks. Advances in Neural Information Processing Systems, 2012."
)
UNPOOLING = (
    "M. D. Zeiler and R. Fergus: Visualizing and understanding convolutional networks. European "
    "Conference on Computer Vision, 2014."
)
RNN = "J. L. Elman: Finding structure in time. Cognitive Science 14, 1990."
LSTM = (
    "F. A. Gers, J. Schmidhuber and F. Cummins: Learning to forget: Continual prediction with "
    "LSTM. Neural Computation 12, 2000."
)
GRU = (
    "K. Cho et al.: Learning phrase representations using RNN encoder-decoder for statistical "
    "machine translation. arXiv:1406.1078v1, 2014."
)
FOCAL = (
    "T.-Y. Lin, P. Goyal, R. Girshick, K. He and P. Dollár: Focal loss for dense object detection. "
    "International Conference on Computer Vision, 2017."
)
HUBER = (
    "P. J. Huber: Robust estimation of a location parameter. Annals of Mathematical Statistics 35, "
    "1964."
)
LABEL_SMOOTHING = (
    "C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens and Z. Wojna: Rethinking the Inception "
    "architecture for computer vision. Conference on Computer Vision and Pattern Recognition, 2016."
)
NORM_POOLING = (
    "P. Sermanet, S. Chintala and Y. LeCun: Convolutional neural networks applied to house numbers "
    "digit classification. International Conference on Pattern Recognition, 2012."
)

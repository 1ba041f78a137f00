using System.Text.Json;
using CsCheck;
using Latent.Networks;

namespace Latent.Tests.Networks;

public sealed class NetworkJsonTests
{
    private static JsonElement Json(string text) => JsonElement.Parse(text);

    private static Network RoundTrip(Network network) => NetworkJson.Read(Json(NetworkJson.Write(network).ToJsonString()));

    [Fact]
    public void A_description_read_back_equals_the_one_written() =>
        RandomNetwork.Any.Sample(network => RoundTrip(network).Equals(network), iter: 2000);

    [Fact]
    public void The_articles_networks_and_their_alternatives_come_back()
    {
        Network[] networks =
        [
            Article.Encoder(10),
            Article.Encoder(2, new(8, 12, 3), Downsampling.MaxPooling, Activation.Relu),
            Article.Decoder(10),
            Article.Decoder(2, new(8, 12, 3), Upsampling.TransposedConvolution),
        ];
        foreach (var network in networks)
            Assert.Equal(network, RoundTrip(network));
    }

    [Fact]
    public void Speaks_Kerass_words() =>
        Assert.Equal(
            """{"name":"encoder","input":[28,28,1],"layers":[{"class_name":"Conv2D","config":{"filters":8,"kernel_size":[3,3],"strides":[2,2],"padding":"same","activation":"relu","use_bias":true}},{"class_name":"Flatten","config":{"name":"flat"}}]}""",
            NetworkJson
                .Write(new("encoder", Article.Mnist, new Conv2D(8, 3, 2, Padding.Same, Activation.Relu), new Flatten { Name = "flat" }))
                .ToJsonString()
        );

    /// <summary>Configs as Keras 3 and Keras 2 write them, shortened.</summary>
    public static TheoryData<string, string, Layer> KerasConfigs =>
        new()
        {
            {
                "Conv2D",
                """{"name":"conv2d_13","trainable":true,"dtype":{"module":"keras"},"filters":8,"kernel_size":[3,2],"strides":[2,2],"padding":"valid","data_format":"channels_last","dilation_rate":[1,1],"groups":1,"activation":"relu","use_bias":true,"kernel_regularizer":null}""",
                new Conv2D(8, (3, 2), 2, Padding.Valid, Activation.Relu) { Name = "conv2d_13" }
            },
            {
                "Conv2DTranspose",
                """{"filters":2,"kernel_size":5,"strides":[3,1],"padding":"same","dilation_rate":[1,1],"activation":"linear","use_bias":false,"output_padding":null}""",
                new Conv2DTranspose(2, 5, (3, 1), Padding.Same, Activation.Linear, UseBias: false)
            },
            {
                "Dense",
                """{"units":10,"activation":{"module":"builtins","class_name":"function","config":"tanh"}}""",
                new Dense(10, Activation.Tanh)
            },
            {
                "Dense",
                """{"units":1,"activation":{"class_name":"LeakyReLU","config":{"name":"leaky","negative_slope":0.07}}}""",
                new Dense(1, Activation.LeakyRelu(0.07f))
            },
            { "Dense", """{"units":1,"activation":"leaky_relu"}""", new Dense(1, Activation.LeakyRelu(0.2f)) },
            { "Flatten", """{"data_format":"channels_last"}""", new Flatten() },
            { "Reshape", """{"target_shape":[2,3,4]}""", new Reshape(new(2, 3, 4)) },
            { "UpSampling2D", """{"size":[3,4],"interpolation":"nearest"}""", new UpSampling2D((3, 4)) },
            { "MaxPooling2D", """{"pool_size":[2,3],"padding":"same","strides":[1,1]}""", new MaxPooling2D((2, 3), 1, Padding.Same) },
            { "Activation", """{"activation":"sigmoid"}""", new ActivationLayer(Activation.Sigmoid) },
            { "LeakyReLU", """{"negative_slope":0.07}""", new LeakyReLU(0.07f) },
            { "LeakyReLU", """{"alpha":0.5}""", new LeakyReLU(0.5f) },
            { "LeakyReLU", "{}", new LeakyReLU() },
            { "ReLU", """{"max_value":null,"negative_slope":0.0,"threshold":0.0}""", new ReLU() },
            { "ReLU", """{"max_value":6.0,"negative_slope":0.5,"threshold":0.1}""", new ReLU(6, 0.5f, 0.1f) },
            { "ELU", """{"alpha":0.6}""", new ELU(0.6f) },
            { "PReLU", """{"shared_axes":[1,2]}""", new PReLU(SharePixels: true) },
            { "PReLU", """{"shared_axes":null}""", new PReLU() },
            {
                "Conv2D",
                """{"filters":8,"kernel_size":3,"dilation_rate":[2,1]}""",
                new Conv2D(8, 3) { DilationRate = (2, 1) }
            },
            {
                "UpSampling2D",
                """{"interpolation":"bilinear"}""",
                new UpSampling2D { Interpolation = Interpolation.Bilinear }
            },
            {
                "AveragePooling2D",
                """{"pool_size":[2,2],"strides":[1,2],"padding":"same"}""",
                new AveragePooling2D(2, (1, 2), Padding.Same)
            },
            { "GlobalAveragePooling2D", """{"keepdims":true}""", new GlobalAveragePooling2D(KeepDims: true) },
            { "ZeroPadding2D", """{"padding":[[1,2],[3,4]]}""", new ZeroPadding2D(new Margins(1, 2, 3, 4)) },
            { "ZeroPadding2D", """{"padding":[2,3]}""", new ZeroPadding2D(new Margins(2, 2, 3, 3)) },
            { "Cropping2D", """{"cropping":1}""", new Cropping2D(1) },
            {
                "BatchNormalization",
                """{"axis":[-1],"momentum":0.9,"epsilon":0.01,"center":true,"scale":false,"gamma_initializer":"ones"}""",
                new BatchNormalization(0.9f, 0.01f, Scale: false)
            },
            { "Dropout", """{"rate":0.25,"seed":null,"noise_shape":null}""", new Dropout(0.25f) },
            { "GaussianNoise", """{"stddev":0.1,"seed":null}""", new GaussianNoise(0.1f) },
            { "Rescaling", """{"scale":0.5,"offset":-1}""", new Rescaling(0.5f, -1) },
            { "ActivityRegularization", """{"l1":0.1,"l2":0.0}""", new ActivityRegularization(0.1f) },
            {
                "Dense",
                """{"units":2,"kernel_regularizer":{"class_name":"L2","config":{"l2":0.5}},"activity_regularizer":"l1"}""",
                new Dense(2) { KernelRegularizer = new(L2: 0.5f), ActivityRegularizer = new(L1: 0.01f) }
            },
            { "Dense", """{"units":2,"activation":"softmax"}""", new Dense(2, Activation.Softmax) },
            { "Activation", """{"activation":"swish"}""", new ActivationLayer(Activation.Silu) },
            { "Activation", """{"activation":"relu6"}""", new ActivationLayer(Activation.Relu6) },
        };

    [Theory]
    [MemberData(nameof(KerasConfigs))]
    public void Reads_Kerass_own_config_of_a_layer(string className, string config, Layer expected) =>
        Assert.Equal(expected, NetworkJson.ReadLayer(className, Json(config)));

    [Theory]
    [InlineData("SeparableConv2D", """{"filters":8}""")]
    [InlineData("BatchNormalization", """{"axis":1}""")]
    [InlineData("PReLU", """{"shared_axes":[1]}""")]
    [InlineData("Conv2D", """{"filters":8,"kernel_size":[3,3],"groups":2}""")]
    [InlineData("Conv2D", """{"filters":8,"kernel_size":[3,3],"padding":"causal"}""")]
    [InlineData("Conv2D", """{"filters":8,"kernel_size":[3,3],"data_format":"channels_first"}""")]
    [InlineData("Conv2DTranspose", """{"filters":8,"kernel_size":[3,3],"output_padding":[1,1]}""")]
    [InlineData("Dense", """{"units":3,"activation":"log_softmax"}""")]
    [InlineData("Dense", """{"units":3,"activation":{"class_name":"PReLU","config":{}}}""")]
    [InlineData("UpSampling2D", """{"size":[2,2],"interpolation":"lanczos3"}""")]
    [InlineData("Activation", """{"activation":"log_softmax"}""")]
    public void What_does_not_exist_here_is_null_for_a_layer_and_an_error_that_names_it_for_a_network(string className, string config)
    {
        Assert.Null(NetworkJson.ReadLayer(className, Json(config)));
        var e = Assert.Throws<LatentException>(() =>
            NetworkJson.Read(Json($$"""{"name":"n","input":[8,8,1],"layers":[{"class_name":"{{className}}","config":{{config}}}]}"""))
        );
        Assert.Contains("does not have: ", e.Message, StringComparison.Ordinal);
        Assert.Contains("use a newer version", e.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "an object")]
    [InlineData("{}", "'layers'")]
    [InlineData("""{"name":"n","input":[8,8,1],"layers":5}""", "'layers' to be a list")]
    [InlineData("""{"name":"n","input":[8,8,1],"layers":[]}""", "has no layers")]
    [InlineData("""{"name":"n","input":[8,8],"layers":[{"class_name":"Flatten","config":{}}]}""", "a shape of one or three")]
    [InlineData("""{"name":"n","input":[8,8,0],"layers":[{"class_name":"Flatten","config":{}}]}""", "out of range")]
    [InlineData("""{"name":"n","input":[99999999999],"layers":[{"class_name":"Flatten","config":{}}]}""", "a shape of one or three")]
    [InlineData("""{"name":7,"input":[8,8,1],"layers":[{"class_name":"Flatten","config":{}}]}""", "'name' to be text")]
    [InlineData("""{"name":"n","input":[8,8,1],"layers":["Flatten"]}""", "Layer 1")]
    [InlineData("""{"name":"n","input":[8,8,1],"layers":[{"class_name":"Flatten"}]}""", "'config'")]
    [InlineData(
        """{"name":"n","input":[8,8,1],"layers":[{"class_name":"Dense","config":{"units":"x"}}]}""",
        "'units' to be a whole number"
    )]
    [InlineData("""{"name":"n","input":[8,8,1],"layers":[{"class_name":"Dense","config":{"units":0}}]}""", "at least 1")]
    [InlineData("""{"name":"n","input":[8,8,1],"layers":[{"class_name":"Dense","config":{"units":1,"use_bias":1}}]}""", "true or false")]
    [InlineData("""{"name":"n","input":[8,8,1],"layers":[{"class_name":"UpSampling2D","config":{"size":[2]}}]}""", "two whole numbers")]
    [InlineData(
        """{"name":"n","input":[8,8,1],"layers":[{"class_name":"LeakyReLU","config":{"negative_slope":1e999}}]}""",
        "a finite number"
    )]
    public void What_is_wrong_is_said(string json, string because) =>
        Assert.Contains(because, Assert.Throws<LatentException>(() => NetworkJson.Read(Json(json))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_slope_that_JSON_cannot_hold_is_said() =>
        Assert.Throws<LatentException>(() =>
            NetworkJson.Write(new("n", Shape.Vector(1), new ActivationLayer(Activation.LeakyRelu(float.NaN))))
        );
}

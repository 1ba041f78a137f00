namespace Latent.Data;

/// <summary>
/// The catalogue. Sizes and SHA-256 are of the gzip files as their authors publish them; Fashion-MNIST's content has its own, since others
/// pack it anew.
/// </summary>
internal static class KnownDataSets
{
    private static readonly string[] s_digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    public static IReadOnlyList<DataSetInfo> All { get; } =
    [
        new()
        {
            Name = Mnist.Name,
            Content = "handwritten digits",
            TrainImages = 60_000,
            TestImages = 10_000,
            LabelNames = s_digits,
            Licence = "CC BY-SA 3.0",
            Credit = "Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits, 1998",
            Files =
            [
                new("train-images-idx3-ubyte") { ContentSha256 = "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db" },
                new("train-labels-idx1-ubyte") { ContentSha256 = "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5" },
                new("t10k-images-idx3-ubyte") { ContentSha256 = "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7" },
                new("t10k-labels-idx1-ubyte") { ContentSha256 = "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2" },
            ],
        },
        new()
        {
            Name = "fashion-mnist",
            Content = "articles of clothing",
            TrainImages = 60_000,
            TestImages = 10_000,
            LabelNames = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
            Licence = "MIT",
            Credit = "Zalando SE (H. Xiao, K. Rasul, R. Vollgraf): Fashion-MNIST, 2017",
            Mirrors =
            [
                "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
                "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            ],
            Files =
            [
                new(
                    "train-images-idx3-ubyte",
                    26_421_880,
                    "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                    "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"
                ),
                new(
                    "train-labels-idx1-ubyte",
                    29_515,
                    "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"
                ),
                new(
                    "t10k-images-idx3-ubyte",
                    4_422_102,
                    "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                    "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"
                ),
                new(
                    "t10k-labels-idx1-ubyte",
                    5_148,
                    "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"
                ),
            ],
        },
        new()
        {
            Name = "kmnist",
            Content = "cursive Japanese characters (hiragana)",
            TrainImages = 60_000,
            TestImages = 10_000,
            // romanized: few fonts have the characters
            LabelNames = ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
            Licence = "CC BY-SA 4.0",
            Credit =
                "\"KMNIST Dataset\" (created by CODH), adapted from \"Kuzushiji Dataset\" (created by NIJL and others), ROIS-DS CODH, 2018",
            Mirrors = ["http://codh.rois.ac.jp/kmnist/dataset/kmnist/"],
            Files =
            [
                new("train-images-idx3-ubyte", 18_165_135, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"),
                new("train-labels-idx1-ubyte", 29_497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"),
                new("t10k-images-idx3-ubyte", 3_041_136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"),
                new("t10k-labels-idx1-ubyte", 5_120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"),
            ],
        },
        new()
        {
            Name = "emnist-letters",
            Content = "handwritten letters, upper and lower case as one class",
            TrainImages = 124_800,
            TestImages = 20_800,
            LabelNames = [.. Enumerable.Range(0, 26).Select(i => $"{(char)('a' + i)}")],
            Licence = "public domain",
            Credit = "G. Cohen, S. Afshar, J. Tapson, A. van Schaik: EMNIST, 2017, from NIST Special Database 19",
            FirstLabel = 1,
            ColumnsFirst = true,
            Mirrors = ["https://media.githubusercontent.com/media/aurelienduarte/emnist/master/gzip/"],
            Archive = new(
                "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip",
                561_753_746,
                "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
                "gzip/"
            ),
            Files =
            [
                new(
                    "emnist-letters-train-images-idx3-ubyte",
                    30_804_864,
                    "6288f418a917e007bf5fddb823a2dc7a5c6a35031401b93292a539cb12bd881f"
                ),
                new("emnist-letters-train-labels-idx1-ubyte", 79_283, "9759af91ea6bccdf07a6040fd085861f2ec88e37f7c3f5760f6feb57106fbe5c"),
                new("emnist-letters-test-images-idx3-ubyte", 5_039_157, "50f0e93d75b99b463e9760b8345866f22587fa2c2fba472730a5ba09c693412d"),
                new("emnist-letters-test-labels-idx1-ubyte", 144, "924955c31fe7fd809b7303b5c0141282955f4b8390c74cdfd5d80435e0f4b4cb"),
            ],
        },
    ];
}

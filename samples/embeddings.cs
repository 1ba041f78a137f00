#:project ../src/Latent/Latent.csproj
#:project ../src/Latent.Images/Latent.Images.csproj
#:project ../src/Latent.Embeddings/Latent.Embeddings.csproj
#:property PublishAot=false

// Finds the pictures of a folder that are most like one, by the vectors that any vector store of .NET takes.
//   dotnet run -c Release samples/embeddings.cs runs/photos-z32 cat.jpg ./photos
using Latent;
using Latent.Embeddings;
using Latent.Images;
using Latent.Models;
using Microsoft.Extensions.AI;

if (args is not [var modelPath, var imagePath, var folder])
{
    Console.Error.WriteLine("usage: dotnet run -c Release samples/embeddings.cs RUN IMAGE FOLDER");
    return 2;
}
try
{
    using var codec = Codec.Open(modelPath);
    using IEmbeddingGenerator<DataContent, Embedding<float>> generator = new CodecEmbeddingGenerator(codec);
    // a vector store would keep these pairs; here they are a list
    var store = new List<(string Name, ReadOnlyMemory<float> Vector)>();
    foreach (var file in ImageFolder.Files(folder))
    {
        try
        {
            store.Add((file.Name, await generator.GenerateVectorAsync(Content(file.Path))));
        }
        catch (LatentException e) // a file that is no image: the others go on
        {
            Console.Error.WriteLine($"skipped {file.Name}: {e.Happened}");
        }
    }
    var wanted = await generator.GenerateVectorAsync(Content(imagePath));
    foreach (var (name, distance) in store.Select(s => (s.Name, Distance(s.Vector.Span, wanted.Span))).OrderBy(s => s.Item2).Take(10))
        Console.WriteLine($"{distance, 10:F4}  {name}");
    return 0;
}
catch (Exception e) when (e is LatentException or IOException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static DataContent Content(string path) => new(File.ReadAllBytes(path), "image/*") { Name = Path.GetFileName(path) };

static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
{
    double sum = 0;
    for (int i = 0; i < a.Length; i++)
        sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
    return Math.Sqrt(sum);
}

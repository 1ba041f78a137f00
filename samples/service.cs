#:sdk Microsoft.NET.Sdk.Web
#:project ../src/Latent/Latent.csproj
#:project ../src/Latent.Hosting/Latent.Hosting.csproj
#:project ../src/Latent.Images/Latent.Images.csproj
#:property PublishAot=false

// A service that says how unlike its training images an uploaded image is.
//   dotnet run -c Release samples/service.cs runs/mnist-z10 --urls http://localhost:5080
//   curl --data-binary @digit.png http://localhost:5080/score
using Latent;
using Latent.Hosting;
using Latent.Images;
using Latent.Models;

var builder = WebApplication.CreateSlimBuilder(args[1..]);
builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = 10 << 20); // a larger upload: 413
builder.Services.AddCodec(args[0]);
using var app = builder.Build();
Codec codec;
try
{
    codec = app.Services.GetRequiredService<Codec>();
}
catch (LatentException e) // no model: the program ends with the message
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

// What is wrong with an upload is the answer 400 with the message; any other exception is a fault of the service: 500, and in its log.
app.Use(Explain);
app.MapGet("/", () => new About(codec.Name, $"{codec.ImageShape}", codec.Settings.Threshold));
app.MapPost("/score", Score);
app.Run();
return 0;

async Task<Scored> Score(HttpRequest request)
{
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
    byte[] pixels = ImageFiles.Read(body.ToArray(), codec.ImageShape, codec.Settings.Fit);
    double score = codec.Score(pixels);
    return new(score, codec.IsUnusual(score));
}

static async Task Explain(HttpContext context, RequestDelegate next)
{
    try
    {
        await next(context);
    }
    catch (LatentException e)
    {
        await Results.Problem(e.Message, statusCode: 400, title: e.Happened).ExecuteAsync(context);
    }
}

sealed record About(string Name, string Image, double? Threshold);

sealed record Scored(double Score, bool? Unusual);

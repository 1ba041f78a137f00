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

try
{
    var builder = WebApplication.CreateSlimBuilder(args[1..]);
    builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = 10 << 20); // larger: 413
    builder.Services.AddCodec(args[0]);
    var app = builder.Build();
    var codec = app.Services.GetRequiredService<Codec>(); // a model that cannot be opened ends the program now

    // What is wrong with an upload is the answer 400 with the message; any other exception is a fault of the service: 500, and in its log.
    app.Use(
        async (context, next) =>
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
    );
    app.MapGet(
        "/",
        () =>
            new
            {
                codec.Name,
                Image = $"{codec.ImageShape}",
                codec.Settings.Threshold,
            }
    );
    app.MapPost(
        "/score",
        async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
            byte[] pixels = ImageFiles.Read(body.GetBuffer().AsSpan(0, (int)body.Length), codec.ImageShape, codec.Settings.Fit);
            double score = codec.Score(pixels);
            return new { Score = score, Unusual = codec.IsUnusual(score) };
        }
    );
    app.Run();
    return 0;
}
catch (LatentException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

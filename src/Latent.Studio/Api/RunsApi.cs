using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Latent.Explorer;
using Latent.Studio.Catalogue;
using Latent.Studio.Safety;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Latent.Studio.Api;

/// <summary>
/// What the explorer in a page asks for: numbers as little-endian 32-bit floats, pictures as bytes, height × width × channels. A run is named by
/// its word in the catalogue. What is wrong is answered with a message as text.
/// </summary>
internal static class RunsApi
{
    private const string Numbers = "application/octet-stream";

    public static void Map(IEndpointRouteBuilder app)
    {
        var runs = app.MapGroup("/api/runs/{run}").AddEndpointFilter(TellErrors);
        runs.MapGet("/meta", (string run, RunCatalogue catalogue) => Results.Text(catalogue.Open(run).Meta, "application/json"));
        runs.MapGet("/codes", (string run, RunCatalogue catalogue) => Floats(catalogue.Open(run).Codes.Span));
        runs.MapGet("/labels", Labels);
        runs.MapGet("/images/{index:int}", Image);
        runs.MapPost("/decode", DecodeAsync);
        runs.MapGet("/live", LiveDecoding.AnswerAsync);
        runs.MapPost("/encode", EncodeAsync);
        runs.MapGet("/codes.csv", Csv);
        runs.MapGet("/report", Report);
        runs.MapGet("/explorer.html", Page);
    }

    private static IResult Labels(string run, RunCatalogue catalogue) =>
        catalogue.Open(run).Images is { HasLabels: true } images ? Results.Bytes(images.Labels.ToArray(), Numbers) : Results.NoContent();

    private static IResult Image(string run, int index, RunCatalogue catalogue)
    {
        var images = catalogue.Open(run).Images;
        return images is not null && index >= 0 && index < images.Count
            ? Results.Bytes(images.Image(index).ToArray(), Numbers)
            : Results.Text(
                $"There is no image {index} in '{run}'.\nExpected: {(images is null ? "a run whose images are on this machine" : $"0 to {images.Count - 1}")}",
                statusCode: StatusCodes.Status404NotFound
            );
    }

    private static async Task<IResult> DecodeAsync(string run, HttpRequest request, RunCatalogue catalogue)
    {
        var open = catalogue.Open(run);
        int codeBytes = open.Model.LatentSize * sizeof(float),
            most = Math.Clamp(Limits.Pixels / open.Model.OutputShape.Size, 1, Limits.Codes);
        string expected = $"at most {most:N0} codes of {open.Model.LatentSize} numbers, {codeBytes} bytes each";
        byte[] body = await Limits
            .ReadAsync(request, (int)Math.Min((long)most * codeBytes, Limits.RequestBytes), expected)
            .ConfigureAwait(false);
        if (body.Length == 0 || body.Length % codeBytes != 0)
            throw Limits.Wrong("The codes do not fit the model.", expected, $"{body.Length:N0} bytes");
        return Results.Bytes(open.Decode(ReadCodes(body)), Numbers);
    }

    private static async Task<IResult> EncodeAsync(string run, HttpRequest request, RunCatalogue catalogue)
    {
        var open = catalogue.Open(run);
        var shape = open.Model.ImageShape;
        string expected = $"an image of {shape} (height, width, channels): {shape.Size:N0} bytes";
        byte[] image = await Limits.ReadAsync(request, shape.Size, expected).ConfigureAwait(false);
        if (image.Length != shape.Size)
            throw Limits.Wrong("The image does not fit the model.", expected, $"{image.Length:N0} bytes");
        var (code, reconstruction) = open.Encode(image);
        return Results.Bytes([.. WriteFloats(code), .. reconstruction], Numbers);
    }

    private static IResult Csv(string run, RunCatalogue catalogue)
    {
        var open = catalogue.Open(run);
        return Results.Text(CodesCsv.Write(open.Codes.Span, open.Model.LatentSize, open.Images), "text/csv").WithName($"{run}-codes.csv");
    }

    private static IResult Report(string run, RunCatalogue catalogue)
    {
        if (catalogue.Require(run).Run is not { } folder || !File.Exists(folder.ReportPath))
            throw new LatentException(
                $"The run '{run}' has no report.",
                "a report.html in its folder",
                fix: $"draw it: latent show {run}, with the folder's path"
            );
        return Results.File(folder.ReportPath, "text/html; charset=utf-8").Apart();
    }

    private static IResult Page(string run, RunCatalogue catalogue)
    {
        var open = catalogue.Open(run);
        var images =
            open.Images
            ?? throw new LatentException(
                $"'{run}' is not exported.",
                "a run whose images are on this machine",
                open.Note,
                "export it with other images: latent export RUN --html explorer.html"
            );
        string html = ExplorerPage.ToHtml(open.Model, images, new() { Title = run });
        return Results.Text(html, "text/html; charset=utf-8").WithName($"{run}-explorer.html").Apart();
    }

    private static async ValueTask<object?> TellErrors(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store"; // a run may change at any time
        try
        {
            return await next(context).ConfigureAwait(false);
        }
        catch (LatentException e)
        {
            var catalogue = context.HttpContext.RequestServices.GetRequiredService<RunCatalogue>();
            bool known = context.HttpContext.Request.RouteValues["run"] is string run && catalogue.Find(run) is not null;
            return Results.Text(e.Message, statusCode: known ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status404NotFound);
        }
        catch (BadHttpRequestException e)
        {
            return Results.Text(e.Message, statusCode: e.StatusCode);
        }
    }

    private static IResult Floats(ReadOnlySpan<float> numbers) => Results.Bytes(WriteFloats(numbers), Numbers);

    private static byte[] WriteFloats(ReadOnlySpan<float> numbers)
    {
        if (BitConverter.IsLittleEndian)
            return MemoryMarshal.AsBytes(numbers).ToArray();
        var bytes = new byte[numbers.Length * sizeof(float)];
        for (int i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), numbers[i]);
        return bytes;
    }

    /// <summary>The numbers of codes as they come from a page.</summary>
    /// <exception cref="BadHttpRequestException">One is not finite.</exception>
    internal static float[] ReadCodes(ReadOnlySpan<byte> bytes)
    {
        var numbers = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        return Array.Find(numbers, number => !float.IsFinite(number)) is var bad && float.IsFinite(bad)
            ? numbers
            : throw Limits.Wrong("A code cannot be decoded.", "finite numbers", $"{bad}");
    }
}

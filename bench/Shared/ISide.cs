namespace Latent.Bench.Shared;

/// <summary>
/// What one side of the bench can be asked. Times are microseconds, one for each step or call. Every side starts from the weights, images and
/// codes of the case; the images of a step follow those of the step before.
/// </summary>
internal interface ISide
{
    /// <summary>The program and the version of what it measures.</summary>
    string Version { get; }

    /// <summary>Makes the network of a case.</summary>
    void Open(Case what);

    /// <summary>The losses of the first steps from the case's weights.</summary>
    /// <exception cref="NotSupportedException">The side does not train.</exception>
    double[] Losses(TrainingSetup training, int steps);

    /// <summary>Times of so many more steps of a training.</summary>
    /// <exception cref="NotSupportedException">The side does not train.</exception>
    double[] Train(TrainingSetup training, int steps);

    /// <summary>
    /// The outputs for the first inputs by the case's weights: codes, or images as (n, height, width, channels).
    /// </summary>
    float[] Outputs(Part part, int count);

    /// <summary>Times of running one batch forward so many times.</summary>
    double[] Run(Part part, int batch, int calls);

    /// <summary>Times of making a batch of floats from bytes at rows drawn anew for each epoch.</summary>
    /// <exception cref="NotSupportedException">The side does not load.</exception>
    double[] Load(int batch, int calls);

    /// <summary>A request that only this side knows.</summary>
    object Other(Request request) => throw new NotSupportedException($"does not know '{request.Word}'");
}

/// <summary>Which part of an autoencoder runs.</summary>
internal enum Part
{
    Encode,
    Decode,
    Reconstruct,
}

/// <summary>How a side trains on the mean squared error.</summary>
/// <param name="Batch">Images of a step.</param>
/// <param name="Optimizer">rmsprop with ρ = 0.9, or another name that a side may know.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Epsilon">RMSprop's, outside of the root.</param>
/// <param name="Threads">How many; 0 for as many as cores.</param>
internal sealed record TrainingSetup(int Batch, string Optimizer, double Rate, double Epsilon, int Threads)
{
    public static TrainingSetup Of(Request request) =>
        new(
            request.Whole("batch"),
            request.Text("optimizer", "rmsprop"),
            request.Real("rate"),
            request.Real("epsilon"),
            request.Whole("threads")
        );
}

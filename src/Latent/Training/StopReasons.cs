namespace Latent.Training;

/// <summary>The words for why a training ended.</summary>
public static class StopReasons
{
    extension(StopReason reason)
    {
        /// <summary>The one word that files and programs' output have for it: "finished", "early", "cancelled" or "diverged".</summary>
        public string Word =>
            reason switch
            {
                StopReason.Finished => "finished",
                StopReason.Early => "early",
                StopReason.Cancelled => "cancelled",
                _ => "diverged",
            };
    }
}

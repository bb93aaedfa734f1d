namespace ConcertService;

public static class TrackAvailability;

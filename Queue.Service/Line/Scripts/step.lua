-- Moves the line on and shows it; a line that nobody remembers is not begun. ARGV: now, remembered epoch, issued, waiting, limits.
read()
if s.epoch or tonumber(ARGV[4]) > 0 or are_lost(ARGV[5]) then
  ensure(ARGV[2], ARGV[3], ARGV[4], ARGV[5])
  step()
end
return { view() }

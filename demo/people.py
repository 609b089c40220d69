import time

print("people are here", flush=True)
while True:
    time.sleep(5)

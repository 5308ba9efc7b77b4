"""Draws the pictures of examples/pictures from seeds, so that nobody's rights or likeness are in them: draw_sample_pictures.py FOLDER (needs Pillow and numpy)."""
import sys, json, os, random, math
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps
import numpy as np
OUT=sys.argv[1]
def font(size):
    for p in ["/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf","/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"]:
        if os.path.exists(p): return ImageFont.truetype(p,size)
    return ImageFont.load_default(size)
def grain(im,seed,amount):
    rng=np.random.default_rng(seed); a=np.asarray(im).astype(float)
    a+=rng.normal(0,amount,a.shape[:2])[...,None]; return Image.fromarray(a.clip(0,255).astype('uint8'))
def sky(w,h,top,bottom):
    a=np.zeros((h,w,3)); t=np.linspace(0,1,h)[:,None,None]; a[:]=np.array(top)*(1-t)+np.array(bottom)*t
    return Image.fromarray(a.astype('uint8'))
def hills(d,w,h,base,amp,color,seed):
    r=random.Random(seed); ph=[(r.uniform(.002,.012),r.uniform(0,6),r.uniform(.2,1)) for _ in range(5)]
    pts=[(x,base+amp*sum(a*math.sin(f*x+p) for f,p,a in ph)) for x in range(0,w+1,4)]
    d.polygon([(0,h)]+pts+[(w,h)],fill=color); return pts
def tree(d,x,y,s,r):
    d.line([(x,y),(x,y-s)],fill=(45,38,34),width=max(2,int(s/22)))
    for i in range(12):
        k=r.uniform(.3,1); yy=y-s*k; l=s*(1.1-k)*r.uniform(.3,.7)*r.choice([-1,1])
        d.line([(x,yy),(x+l,yy-abs(l)*r.uniform(.4,.9))],fill=(52,44,40),width=max(1,int(s/40)))
def field():
    w,h=960,720; im=sky(w,h,(150,164,182),(216,218,220)); d=ImageDraw.Draw(im); r=random.Random(4)
    hills(d,w,h,400,18,(150,158,160),1); hills(d,w,h,450,14,(178,182,180),2)
    for _ in range(26): tree(d,r.uniform(0,w),430+r.uniform(-10,25),r.uniform(60,150),r)
    hills(d,w,h,500,10,(226,228,230),3)
    d.polygon([(0,690),(260,560),(420,548),(700,580),(960,640),(960,720),(0,720)],fill=(120,108,94))
    for _ in range(260):
        x,y=r.uniform(0,w),r.uniform(520,718); s=r.uniform(2,10); c=r.randint(70,190); d.ellipse([x,y,x+s*2,y+s],fill=(c,c-4,c-10))
    d.rectangle([610,470,760,560],fill=(94,90,84)); d.polygon([(600,472),(685,420),(770,472)],fill=(70,60,54)); d.rectangle([640,500,670,535],fill=(30,30,34)); d.rectangle([700,500,730,560],fill=(44,40,36))
    for _ in range(40):
        x,y=r.uniform(560,820),r.uniform(540,600); d.line([(x,y),(x+r.uniform(-26,26),y+r.uniform(-14,8))],fill=(60,56,50),width=3)
    return grain(im.filter(ImageFilter.GaussianBlur(.8)),9,7)
def document():
    w,h=900,640; im=Image.new('RGB',(w,h),(96,84,70)); d=ImageDraw.Draw(im); r=random.Random(11)
    for _ in range(900):
        x,y=r.uniform(0,w),r.uniform(0,h); l=r.uniform(10,60); c=r.randint(70,120); d.line([(x,y),(x+l,y+r.uniform(-3,3))],fill=(c,c-12,c-26),width=1)
    page=Image.new('RGB',(680,430),(206,196,170)); p=ImageDraw.Draw(page)
    p.rectangle([8,8,671,421],outline=(120,40,36),width=4); p.text((40,34),"SAMPLE ID – NOT REAL",font=font(34),fill=(120,40,36))
    p.rectangle([40,110,210,330],fill=(170,162,142),outline=(80,70,60),width=3); p.text((64,205),"no photo",font=font(24),fill=(90,80,70))
    for i in range(7):
        y=116+i*38; p.line([(240,y+24),(640,y+24)],fill=(90,84,74),width=2)
        p.text((246,y),"".join(r.choice("abcdefghiklmnoprstuv ") for _ in range(r.randint(9,22))),font=font(20),fill=(52,48,60))
    p.ellipse([470,270,630,410],outline=(60,64,140),width=5); p.text((505,328),"SAMPLE",font=font(22),fill=(60,64,140))
    for _ in range(60):
        x,y=r.uniform(0,680),r.uniform(0,430); s=r.uniform(2,26); p.ellipse([x,y,x+s,y+s*.7],outline=(176,160,128))
    page=page.rotate(7,expand=True,fillcolor=(96,84,70)); m=Image.new('L',(680,430),255).rotate(7,expand=True); im.paste(page,(70,70),m)
    return grain(im,12,6)
def bridge():
    w,h=960,720; im=sky(w,h,(120,146,176),(206,214,214)); d=ImageDraw.Draw(im); r=random.Random(21)
    hills(d,w,h,350,20,(110,124,104),5); d.rectangle([0,470,w,h],fill=(104,122,132))
    for _ in range(500):
        x,y=r.uniform(0,w),r.uniform(475,h); l=r.uniform(8,50); c=r.randint(90,160); d.line([(x,y),(x+l,y)],fill=(c-10,c+4,c+12),width=1)
    for x in (90,330,610,850):
        d.polygon([(x-22,360),(x+22,360),(x+34,520),(x-34,520)],fill=(128,122,112),outline=(70,66,60))
    d.polygon([(0,330),(400,330),(430,362),(0,366)],fill=(150,146,138)); d.polygon([(560,330),(960,330),(960,366),(548,364)],fill=(150,146,138))
    d.polygon([(400,332),(520,470),(498,500),(384,364)],fill=(132,126,118)); d.polygon([(560,332),(470,452),(492,480),(572,366)],fill=(120,114,106))
    for x in list(range(0,390,26))+list(range(575,960,26)): d.line([(x,330),(x,300)],fill=(70,74,80),width=3)
    d.line([(0,300),(392,300)],fill=(70,74,80),width=3); d.line([(575,300),(960,300)],fill=(70,74,80),width=3)
    for _ in range(70):
        x,y=r.gauss(480,60),r.gauss(490,22); s=r.uniform(3,16); c=r.randint(80,150); d.polygon([(x,y),(x+s,y+r.uniform(-6,6)),(x+s*.6,y+s)],fill=(c,c-4,c-10))
    for i in range(9):
        x=120+i*18; d.ellipse([x-30-i*4,250-i*26,x+40+i*5,310-i*26],fill=(120,118,118))
    for _ in range(30): tree(d,r.uniform(0,w),r.uniform(350,372),r.uniform(20,50),r)
    return grain(im.filter(ImageFilter.GaussianBlur(.7)),31,6)
def stamp(im,text):
    im=im.copy(); d=ImageDraw.Draw(im); w,h=im.size; d.rectangle([0,h-54,w,h],fill=(20,20,24)); d.text((18,h-44),text,font=font(30),fill=(240,240,240)); return im
def save(im,path,q=78,**kw):
    os.makedirs(os.path.dirname(path),exist_ok=True); im.save(path,quality=q,**kw); print(path,os.path.getsize(path))
f,doc,b=field(),document(),bridge()
a=OUT+"/sample-front/photos/"; c=OUT+"/echo/photos/"; e=OUT+"/steppe-watch/photos/"
ex=Image.Exif(); ex[0x9003]="2022:05:02 09:10:11"; ex[0x010f]="Sample"; ex[0x0110]="Camera 1"; ex.get_ifd(0x8769)[0x9003]="2022:05:02 09:10:11"
save(b.resize((800,600)),a+"bridge.jpg",70,exif=ex); save(doc.resize((800,569)),a+"document.jpg",62); save(f.resize((800,600)),a+"field.jpg",66)
os.makedirs(c,exist_ok=True); open(c+"document.jpg","wb").write(open(a+"document.jpg","rb").read())
save(stamp(f.crop((120,60,900,660)).resize((640,492)),"Echo of Samples"),c+"near-the-village.jpg",55)
save(ImageOps.mirror(b.crop((90,70,900,650))).resize((640,458)),e+"destroyed.jpg",60)
